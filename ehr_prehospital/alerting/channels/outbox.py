"""The demonstration's way: a file instead of a message, to be read on a page of the platform."""

import json
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ehr_prehospital.alerting.channels.message import read
from ehr_prehospital.delivery.rules import Adapter, Answer, Outcome, Parcel

OPTION = "outbox"
SHOWN = 200


def folder() -> Path:
    return Path(settings.STATE_DIR) / "outbox"


def or_outbox(adapter: Adapter) -> Adapter:
    """The adapter, unless its partner is told to write files."""

    def send(parcel: Parcel) -> Answer:
        return put(parcel) if parcel.partner.options.get(OPTION) == "yes" else adapter(parcel)

    return send


def put(parcel: Parcel) -> Answer:
    """Once for a parcel, however often it is sent; whole or not at all."""
    message = read(parcel.content)
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{parcel.id}.json"
    row = {
        "at": timezone.now().isoformat(),
        "channel": message.channel,
        "to": message.to or "–",
        "title": message.title,
        "text": message.text,
        "partner": parcel.partner.name,
        "hospital": message.hospital,
    }
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
    return Answer(Outcome.DELIVERED, "outbox")


def newest(only: Callable[[dict[str, str]], bool]) -> list[dict[str, str]]:
    """The newest messages first."""
    files = sorted(folder().glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
    rows = (json.loads(one.read_text(encoding="utf-8")) for one in files[:SHOWN])
    return [row for row in rows if only(row)]
