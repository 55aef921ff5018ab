"""The FHIR face of the platform: read and search, for people signed in and for partner systems."""
