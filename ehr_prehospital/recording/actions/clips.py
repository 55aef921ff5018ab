"""Take a stretch out of the record: what was recorded, remuxed and not encoded again, signed.

The signature (Ed25519) is by a key that is derived from the platform's secret: every process has
it, no file holds it, and a new secret is a new key. Its public half stands in each manifest.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from dispatch.fleet.actions import refs_of
from dispatch.fleet.models import Mission
from dispatch.journal.actions import append
from dispatch.journal.refusals import BadInput
from dispatch.people.models import User
from ehr_prehospital.access.actions import Purpose, admit
from ehr_prehospital.access.rules import Level
from ehr_prehospital.recording.models import Clip, Recording
from ehr_prehospital.recording.queries import began_at, recordings_of
from ehr_prehospital.recording.rules.films import Film, film_from, index_of
from ehr_prehospital.recording.rules.movie import Fragment
from ehr_prehospital.recording.store import film_of, storage

if TYPE_CHECKING:
    import av

LONGEST = timedelta(minutes=30)


def signing_key() -> Ed25519PrivateKey:
    seed = HKDF(hashes.SHA256(), 32, salt=None, info=b"onboard clip manifest 1").derive(
        settings.SECRET_KEY.encode()
    )
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key() -> str:
    raw = signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def export_clip(
    *,
    mission: Mission,
    clip_id: UUID,
    from_at: datetime,
    until_at: datetime,
    recordings: Sequence[UUID],
    reason: str,
    actor: User,
    now: datetime,
) -> Clip:
    """Idempotent on the id. A stretch begins with the key frame at or before it.

    Raises NoAccess, BadInput.
    """
    admit(user=actor, mission=mission, needed=Level.CLINICAL, purpose=Purpose.CLIP, now=now)
    if not from_at < until_at <= from_at + LONGEST:
        raise BadInput(
            _("A clip is at most %(minutes)s minutes long, and ends after it begins.")
            % {"minutes": LONGEST // timedelta(minutes=1)},
            code="clip_length",
        )
    earlier = Clip.objects.filter(pk=clip_id).first()
    if earlier:
        if earlier.made_by_id != actor.pk or earlier.mission_id != mission.pk:
            raise BadInput(_("This identifier is already used."), code="id_in_use")
        return earlier
    chosen = list(recordings_of(mission.pk).filter(pk__in=list(recordings)))
    if len(chosen) != len(set(recordings)):
        raise BadInput(_("A recording of another mission was named."), code="other_mission")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.zip"
        manifest, signature = _packed(path, mission, chosen, from_at, until_at, reason, actor, now)
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(1024 * 1024):
                digest.update(block)
            file.seek(0)
            name = storage().save(f"{mission.pk}/clips/{clip_id}.zip", File(file))
        size = path.stat().st_size
    with transaction.atomic():
        clip = Clip.objects.create(
            id=clip_id,
            mission=mission,
            recordings=[row.pk for row in chosen],
            from_at=from_at,
            until_at=until_at,
            reason=reason,
            made_by=actor,
            made_at=now,
            file=name,
            size=size,
            sha256=digest.digest(),
            manifest=manifest,
            signature=signature,
        )
        append(
            kind="recording.exported",
            actor=actor,
            now=now,
            refs={**refs_of(mission), "clip": clip.pk, "user": actor.pk},
            detail={
                "sha256": digest.hexdigest(),
                "cameras": len(chosen),
                "seconds": round((until_at - from_at).total_seconds()),
            },
        )
    return clip


def _packed(
    path: Path,
    mission: Mission,
    chosen: Sequence[Recording],
    from_at: datetime,
    until_at: datetime,
    reason: str,
    actor: User,
    now: datetime,
) -> tuple[str, bytes]:
    """Write the ZIP; the manifest as text, and its signature."""
    files: list[dict[str, object]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for number, row in enumerate(chosen, start=1):
            cut = cut_out(row, from_at, until_at)
            if cut is None:
                continue
            raw, begins, ending = cut
            name = f"{number:02}-{row.stream.role}.{ending}"
            packed.writestr(name, raw)
            files.append(
                {
                    "name": name,
                    "sha256": hashlib.sha256(raw).hexdigest(),
                    "bytes": len(raw),
                    "camera": row.stream.role,
                    "recording": str(row.pk),
                    "recording_state": row.state,
                    "recording_chain": bytes(row.chain or b"").hex(),
                    "begins": begins.isoformat(timespec="milliseconds"),
                    "clock_offset_ms": row.clock_offset_ms,
                }
            )
        if not files:
            raise BadInput(_("Nothing was recorded in this stretch."), code="nothing_recorded")
        manifest = json.dumps(
            {
                "kind": "onboard clip 1",
                "mission": mission.number,
                "mission_id": str(mission.pk),
                "from": from_at.isoformat(timespec="milliseconds"),
                "until": until_at.isoformat(timespec="milliseconds"),
                "made_at": now.isoformat(timespec="seconds"),
                "made_by": {"id": str(actor.pk), "name": actor.shown_name, "role": actor.role},
                "reason": reason,
                "files": files,
                "signed_with": {"algorithm": "Ed25519", "public_key": public_key()},
            },
            ensure_ascii=False,
            indent=1,
        )
        signature = signing_key().sign(manifest.encode())
        packed.writestr("manifest.json", manifest.encode())
        packed.writestr("manifest.sig", signature)
    return manifest, signature


def cut_out(
    row: Recording, from_at: datetime, until_at: datetime
) -> tuple[bytes, datetime, str] | None:
    """The stretch as a file of its own, when it really begins, and the ending of its name."""
    kept = film_of(row)
    film = film_from(row.fragments) if row.fragments else index_of(row.mime, kept.read, kept.size)
    began = began_at(row)
    since_ms = (from_at - began) / timedelta(milliseconds=1)
    until_ms = (until_at - began) / timedelta(milliseconds=1)
    wanted = fragments_of(film, since_ms, until_ms)
    if not wanted:
        return None
    source = io.BytesIO(kept.read(0, film.init))
    source.seek(0, io.SEEK_END)
    for one in wanted:
        for block in kept.stream(one.offset, one.bytes):
            source.write(block)
    source.seek(0)
    ending = "mp4" if row.mime.startswith("video/mp4") else "webm"
    raw = remuxed(source, ending)
    return raw, began + timedelta(milliseconds=wanted[0].start_ms), ending


def fragments_of(film: Film, since_ms: float, until_ms: float) -> list[Fragment]:
    """Those that overlap, from a key frame on."""
    inside = [
        place
        for place, one in enumerate(film.fragments)
        if one.start_ms < until_ms and one.start_ms + one.duration_ms > since_ms
    ]
    if not inside:
        return []
    first = inside[0]
    while first and not film.fragments[first].key:
        first -= 1
    return list(film.fragments[first : inside[-1] + 1])


def remuxed(source: BinaryIO, ending: str) -> bytes:
    """The same pictures and sound in a file that begins at zero, playable everywhere."""
    import av  # noqa: PLC0415  (slow to load, and used by few processes)

    options = {"movflags": "faststart"} if ending == "mp4" else {}
    with tempfile.NamedTemporaryFile(suffix=f".{ending}") as out:
        with (
            av.open(source, "r") as read,
            av.open(out.name, "w", format=ending, options=options) as written,
        ):
            copies = {one.index: written.add_stream_from_template(one) for one in read.streams}
            for packet in _from_zero(read.demux()):
                packet.stream = copies[packet.stream.index]
                written.mux(packet)
        return Path(out.name).read_bytes()


# Any: of whatever kind of stream.
def _from_zero(packets: Iterator[av.Packet[Any]]) -> Iterator[av.Packet[Any]]:
    """Every time moved by that of the first packet, all tracks alike."""
    zero: Fraction | None = None
    for packet in packets:
        if packet.dts is None or packet.pts is None or packet.time_base is None:
            continue
        zero = packet.dts * packet.time_base if zero is None else zero
        shift = round(zero / packet.time_base)
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        yield packet


def verify(manifest: str, signature: bytes) -> None:
    """Raises InvalidSignature where this platform did not sign it."""
    signing_key().public_key().verify(signature, manifest.encode())
