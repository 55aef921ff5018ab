"""FHIR Subscriptions (R4 backport): hospitals' systems are told when something happens."""
