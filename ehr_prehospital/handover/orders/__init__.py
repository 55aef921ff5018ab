"""What the hospital prepares before the patient arrives: blood, imaging, theatre, laboratory."""
