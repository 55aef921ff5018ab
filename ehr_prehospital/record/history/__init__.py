"""What a connected health-record system (FHIR R4) knows of a patient: asked, never stored."""
