"""Which ambulance, which hospital, and why: explainable now and years later."""
