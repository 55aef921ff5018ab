"""Writes the published schema: python -m ambulance_agent.protocol [target]."""

import sys
from pathlib import Path

from ambulance_agent.protocol.codes import PROTOCOL_VERSION
from ambulance_agent.protocol.schema import published_schema

TARGET = (
    Path(__file__).resolve().parents[2] / "docs" / "protocol" / f"vehicle-v{PROTOCOL_VERSION}.json"
)


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(published_schema())


if __name__ == "__main__":
    main()
