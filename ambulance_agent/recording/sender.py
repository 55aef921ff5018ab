"""Brings spooled recordings to the media hub; behind the live pictures, never before them.

One socket per camera stream at a time. At most 32 kB are in flight, and only while `may_send` says
that the live pictures are not late: measured, more than that makes a doctor's picture late after
each tunnel. What the hub refuses stays here and is tried again later.
"""

import asyncio
import base64
import hashlib
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from ambulance_agent.protocol.media import Begin, MalformedMedia, Moved, camera_words, hub_words
from ambulance_agent.protocol.recording import (
    PIECE_BYTES,
    End,
    Ended,
    FromHub,
    Have,
    Hello,
    MalformedPiece,
    NotStored,
    Stored,
    decode_from_hub,
    encode_message,
    encode_piece,
    end_statement,
    vehicle_signature,
)
from ambulance_agent.recording.spool import RecordSpool, Waiting

log = logging.getLogger(__name__)

IN_FLIGHT_BYTES = 32 * 1024
LOOK_AGAIN_S = 0.1
SILENT_S = 15.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 15.0
_OFFLINE = (OSError, WebSocketException, MalformedPiece)


class RecordSender:
    """`hub` is the address of the media hub, such as `wss://media.example`."""

    def __init__(
        self,
        *,
        hub: str,
        vehicle_id: UUID,
        token: str,
        spool: RecordSpool,
        may_send: Callable[[], bool] = lambda: True,
        now_ms: Callable[[], float] = lambda: time.time() * 1000,
    ) -> None:
        self._hub, self._vehicle_id, self._spool = hub.rstrip("/"), vehicle_id, spool
        self._credential = {"Authorization": f"Vehicle {vehicle_id}:{token}"}
        self._key = hashlib.sha256(token.encode()).digest()
        self._may_send, self._now_ms = may_send, now_ms
        self._over = False

    def stop(self) -> None:
        """Let `run` end in good order, after the answers that are on their way."""
        self._over = True

    async def run(self) -> None:
        """Until it is stopped or cancelled."""
        wait_s = FIRST_WAIT_S
        self._over = False
        while not self._over:
            waiting = self._spool.waiting()
            try:
                for recording in waiting:
                    await self._bring(recording)
                    wait_s = FIRST_WAIT_S
                await asyncio.sleep(LOOK_AGAIN_S)
            except _OFFLINE as away:
                log.info("recordings wait: %s", type(away).__name__)
                await asyncio.sleep(wait_s)
                wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    async def _bring(self, recording: Waiting) -> None:
        """All of one recording. One that is still being made: as far as it is now."""
        begin = camera_words(recording.begin)
        if not isinstance(begin, Begin):
            raise MalformedMedia("a recording without its camera")
        # The hub answers with the incident where the vehicle knows only its mission.
        url = f"{self._hub}/media/{begin.mission}/record/{recording.stream}/"
        for _hop in range(3):
            moved = await self._at(url, recording)
            if moved is None:
                return
            url = moved
        raise OSError("sent from hub to hub")

    async def _at(self, url: str, recording: Waiting) -> str | None:
        async with connect(url, additional_headers=self._credential, compression=None) as line:
            await line.send(recording.begin)
            await line.send(
                encode_message(
                    Hello(
                        recording=recording.id,
                        mime=recording.mime,
                        started_ms=recording.started_ms,
                        device_ms=self._now_ms(),
                        alg="HS256",
                    )
                )
            )
            answer = await self._heard(line)
            if isinstance(answer, str):
                return answer
            if not isinstance(answer, Have):
                log.warning("a recording was not taken: %s", answer)
                await asyncio.sleep(FIRST_WAIT_S)
                return None
            await self._talk(line, recording, answer)
        return None

    async def _talk(self, line: ClientConnection, recording: Waiting, have: Have) -> None:
        missing = {seq for first, last in have.holes for seq in range(first, last + 1)}
        done = [
            seq
            for seq in self._spool.numbers(recording.id)
            if seq < have.next and seq not in missing
        ]
        self._spool.acknowledge(recording.id, done)
        if not await self._send_pieces(line, recording.id):
            return
        if recording.reason is not None and not self._spool.numbers(recording.id):
            await self._send_end(line, recording)

    async def _send_pieces(self, line: ClientConnection, recording: UUID) -> bool:
        """False where the hub refused one: it stays, and is tried again later."""
        sent: set[int] = set()
        newest = -1
        while True:
            room = IN_FLIGHT_BYTES // PIECE_BYTES - len(sent)
            if room > 0 and not self._over and self._may_send():
                for piece in self._spool.pieces(recording, after=newest, limit=room):
                    await line.send(encode_piece(piece.seq, piece.captured_ms, piece.payload))
                    sent.add(piece.seq)
                    newest = piece.seq
            if not sent:
                if self._over:
                    return False
                if self._may_send():
                    return True
                await asyncio.sleep(LOOK_AGAIN_S)
                continue
            match await self._heard(line):
                case Stored(recording=about, seqs=seqs) if about == recording:
                    self._spool.acknowledge(recording, seqs)
                    sent.difference_update(seqs)
                case NotStored(code=code):
                    log.warning("a piece of a recording was refused: %s", code)
                    await asyncio.sleep(FIRST_WAIT_S)
                    return False
                case _:
                    continue

    async def _send_end(self, line: ClientConnection, recording: Waiting) -> None:
        reason = recording.reason
        if reason is None:
            return
        last = recording.next - 1
        statement = end_statement(
            recording=recording.id, last=last, chain=recording.chain, reason=reason
        )
        signature = base64.b64encode(vehicle_signature(self._key, statement)).decode()
        await line.send(
            encode_message(
                End(
                    recording=recording.id,
                    last=last,
                    chain=recording.chain.hex(),
                    reason=reason,
                    signature=signature,
                )
            )
        )
        match await self._heard(line):
            case Ended(missing=[]):
                self._spool.forget(recording.id)
            case other:
                log.warning("the end of a recording was not taken: %s", other)

    async def _heard(self, line: ClientConnection) -> FromHub | str:
        """The next word; as text the address where this incident is served instead."""
        async with asyncio.timeout(SILENT_S):
            text = await line.recv()
        if not isinstance(text, str):
            raise OSError("bytes from the hub")
        with suppress(MalformedMedia):
            if isinstance(moved := hub_words(text), Moved):
                return moved.url
        return decode_from_hub(text)
