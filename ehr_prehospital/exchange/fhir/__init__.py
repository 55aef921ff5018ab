"""FHIR R4: records as documents after IHE mPSC, checking, and reading of others' documents."""
