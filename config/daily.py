"""The tables that are kept in parts of a day each."""

from dispatch.days import Daily

DAILY = (
    Daily("dispatch_frame", stored="received_at"),
    Daily("dispatch_track", stored="recorded_at"),
    Daily("ehr_prehospital_reading", stored="recorded_at"),
    Daily("ehr_prehospital_wave", stored="recorded_at"),
)
