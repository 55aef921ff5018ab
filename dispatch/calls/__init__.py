"""Someone rings: intake, triage, duplicates, geocoding."""
