"""At and after the door: the offload clock, both signatures, triage level and wristband."""
