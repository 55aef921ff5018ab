"""Back to the crew: what became of the patient, and whether the alert was right."""
