"""What this server can do, as it says itself at /fhir/metadata."""

from ehr_prehospital.exchange.fhir.mapping import Json
from ehr_prehospital.exchange.fhir.server.searching import TYPES, parameters_of
from ehr_prehospital.exchange.fhir.subscriptions.rules import BACKPORT, PROFILE, TOPICS

KINDS = {
    "_id": "token",
    "_lastUpdated": "date",
    "date": "date",
    "patient": "reference",
    "subject": "reference",
    "encounter": "reference",
}
PUBLISHED = "2026-11-23"


def capability() -> Json:
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": PUBLISHED,
        "kind": "instance",
        "software": {"name": "Onboard"},
        "implementation": {"description": "Onboard, records of an ambulance service"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "description": "People signed in, or a bearer token of a registered system."
                },
                "resource": [*(resource(kind) for kind in TYPES), subscriptions()],
            }
        ],
    }


def resource(kind: str) -> Json:
    said: Json = {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [
            {"name": name, "type": KINDS.get(name, "token")} for name in parameters_of(kind)
        ],
    }
    if kind == "Composition":
        definition = "http://hl7.org/fhir/OperationDefinition/Composition-document"
        said["operation"] = [{"name": "document", "definition": definition}]
    return said


def subscriptions() -> Json:
    """Topic-based subscriptions after the R4 backport, with the topics that there are."""
    operations = "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/"
    return {
        "extension": [
            {
                "url": f"{BACKPORT}capabilitystatement-subscriptiontopic-canonical",
                "valueCanonical": url,
            }
            for url in TOPICS
        ],
        "type": "Subscription",
        "supportedProfile": [PROFILE],
        "interaction": [{"code": code} for code in ("create", "read", "search-type", "delete")],
        "versioning": "no-version",
        "searchParam": [
            {"name": "_id", "type": "token"},
            {"name": "status", "type": "token"},
            {"name": "criteria", "type": "string"},
        ],
        "operation": [
            {"name": "status", "definition": f"{operations}backport-subscription-status"},
            {"name": "events", "definition": f"{operations}backport-subscription-events"},
        ],
    }
