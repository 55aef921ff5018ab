"""HL7 v2 to hospital information systems: messages, their checking, and the line (MLLP)."""
