"""A patient monitor or its gateway that sends HL7 v2 (IHE PCD-01) over MLLP."""
