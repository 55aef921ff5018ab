"""The wire as JSON Schema 2020-12, for whoever writes another agent or server.

MessagePack carries times as its timestamp extension and samples as bytes;
the schema shows both as text because JSON Schema knows nothing else.
"""

import msgspec

from ambulance_agent.protocol.codes import PROTOCOL_VERSION, VITALS
from ambulance_agent.protocol.frames import FromVehicle
from ambulance_agent.protocol.replies import FromServer


def published_schema() -> bytes:
    """Same code, same bytes: a test compares them with the file in docs/protocol."""
    (vehicle, server), components = msgspec.json.schema_components(
        [FromVehicle, FromServer], ref_template="#/$defs/{name}"
    )
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Onboard vehicle protocol {PROTOCOL_VERSION}",
        "description": (
            "MessagePack maps over one binary WebSocket. Times are MessagePack timestamps, "
            "samples are raw little-endian int16."
        ),
        "from_vehicle": vehicle,
        "from_server": server,
        "vitals": {
            code.value: {"mdc": spec.mdc, "ucum": spec.unit, "low": spec.low, "high": spec.high}
            for code, spec in VITALS.items()
        },
        "$defs": components,
    }
    encoded = msgspec.json.encode(document, order="deterministic")
    return msgspec.json.format(encoded, indent=2) + b"\n"
