"""python manage.py verify_recordings: every piece against its hash, every chain against its end."""

import hashlib
from argparse import ArgumentParser
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from ehr_prehospital.recording.models import Recording
from ehr_prehospital.recording.queries import missing_of
from ehr_prehospital.recording.rules.whole import Flaw, Link, chain_of
from ehr_prehospital.recording.store import film_of


class Command(BaseCommand):
    help = (
        "Reads recordings from where they lie and proves each anew: no hole, every piece as it was"
        " hashed, the chain as the device signed it. Ends with an error when one does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recording", type=UUID, help="only this one")

    def handle(self, *_args: object, recording: UUID | None, **_options: object) -> None:
        rows = Recording.objects.exclude(state=Recording.State.DROPPED).order_by("recorded_at")
        if recording:
            rows = rows.filter(pk=recording)
        wrong = 0
        for row in rows.iterator():
            flaw, pieces = verified(row)
            wrong += flaw in {Flaw.CHAIN, Flaw.CONTENT}
            self.stdout.write(f"{row.pk} {pieces:>8} pieces  {flaw or 'proven'}")
        if wrong:
            raise CommandError(f"{wrong} recordings are not what was recorded")


def verified(row: Recording) -> tuple[Flaw | None, int]:
    """What is wrong with a recording, and how many pieces were read."""
    film = film_of(row)
    links: list[Link] = []
    at = 0
    for piece in row.pieces.order_by("seq").iterator(chunk_size=2000):
        if at + piece.bytes > film.size:
            break  # behind a hole
        if hashlib.sha256(film.read(at, piece.bytes)).digest() != bytes(piece.sha256):
            return Flaw.CONTENT, len(links)
        links.append((piece.seq, piece.captured_ms, bytes(piece.sha256)))
        at += piece.bytes
    if row.last is None:
        return Flaw.NO_END, len(links)
    if missing_of(row):
        return Flaw.HOLES, len(links)
    whole = chain_of(row.pk, links) == bytes(row.chain or b"")
    return (None if whole else Flaw.CHAIN), len(links)
