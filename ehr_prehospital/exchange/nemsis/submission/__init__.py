"""NEMSIS documents sent to a state's web service (SOAP, NEMSIS_V3_core.wsdl)."""
