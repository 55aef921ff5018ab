"""The tables that refuse TRUNCATE, and the trigger with which each does."""

NOT_EMPTIED = {
    "dispatch_entry": "dispatch_journal_is_not_emptied",
    "ehr_prehospital_controlledmove": "ehr_prehospital_controlled_is_not_emptied",
    "ehr_prehospital_attachment": "ehr_prehospital_attachment_is_not_emptied",
    "ehr_prehospital_recordentry": "ehr_prehospital_entry_is_not_emptied",
    "ehr_prehospital_recordversion": "ehr_prehospital_version_is_not_emptied",
}
