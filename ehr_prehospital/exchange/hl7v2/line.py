"""One open connection to a hospital's system, shared by the senders of a process.

Messages of different patients may be on it at the same time; the queue never has two of the same
patient under way. An acknowledgement finds its message by MSA-2; one that comes twice is passed
over; one that belongs to nothing that was sent means that the two sides are out of step, and the
connection is begun anew.

One thread reads, many write. OpenSSL lets only one at a time into a connection, reading included,
so nobody touches it without the lock, and the reader sleeps in `poll` beside it.
"""

import contextlib
import select
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass

from ehr_prehospital.delivery.http import CONNECT_S, Unanswered
from ehr_prehospital.exchange.hl7v2.framing import Blocks, NoFrame, framed
from ehr_prehospital.exchange.hl7v2.reading import Received, Unreadable, read

PIECE = 65536
# So many acknowledged ids are remembered, to know an acknowledgement that comes twice.
REMEMBERED = 256
# Whoever does not take our bytes for so long is as good as gone.
SEND_S = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where the system listens, and in which encoding it speaks."""

    host: str
    port: int
    tls: bool
    encoding: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The acknowledgement and its bytes."""

    received: Received
    raw: bytes


# Told of everything on the line that answers no waiting message; gives back what to answer.
Overheard = Callable[[Received], bytes | None]


class Line:
    """Opened with the first message, and again with the next one after a failure."""

    def __init__(self, place: Place, overheard: Overheard) -> None:
        self.place = place
        self._overheard = overheard
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._waiting: dict[str, Future[Acknowledgement]] = {}
        self._done: deque[str] = deque(maxlen=REMEMBERED)

    def ask(
        self, control_id: str, message: bytes, *, within_s: float, again: bool = True
    ) -> Acknowledgement:
        """Send and wait for its acknowledgement. Raises Unanswered.

        A connection that the other side had closed meanwhile is opened again once: the message
        keeps its id, so the other side knows it again.
        """
        reused, answer = self._sent(control_id, message)
        try:
            return answer.result(within_s)
        except Late:
            self._forget(control_id)
            self.close()
            raise Unanswered("no_ack") from None
        except Unanswered as failure:
            if not (again and reused and failure.code == "cut_off"):
                raise
        return self.ask(control_id, message, within_s=within_s, again=False)

    def _forget(self, control_id: str) -> None:
        with self._lock:
            self._waiting.pop(control_id, None)

    def _sent(self, control_id: str, message: bytes) -> tuple[bool, Future[Acknowledgement]]:
        """Whether it went over a connection that was open already, and its answer to come."""
        answer: Future[Acknowledgement] = Future()
        with self._lock:
            reused = self._socket is not None
            wire = self._socket or self._opened()
            self._waiting[control_id] = answer
            try:
                wire.sendall(framed(message))
            except OSError:
                self._end(wire, "cut_off")
        return reused, answer

    def _opened(self) -> socket.socket:
        """With the lock held. Raises Unanswered where nobody listens."""
        try:
            wire = socket.create_connection((self.place.host, self.place.port), CONNECT_S)
            if self.place.tls:
                context = ssl.create_default_context()
                wire = context.wrap_socket(wire, server_hostname=self.place.host)
        except ssl.SSLError as failure:
            raise Unanswered("not_trusted") from failure
        except OSError as failure:
            raise Unanswered("unreachable") from failure
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.settimeout(SEND_S)
        self._socket = wire
        threading.Thread(target=self._listen, args=(wire,), name="mllp", daemon=True).start()
        return wire

    def _listen(self, wire: socket.socket) -> None:
        blocks = Blocks()
        why = "cut_off"
        try:
            for piece in self._pieces(wire):
                for block in blocks.feed(piece):
                    self._take(wire, block)
        except OSError:
            pass
        except (NoFrame, Unreadable):
            why = "unreadable"
        except OutOfStep:
            why = "wrong_control_id"
        if why == "cut_off" and blocks.in_the_middle:
            why = "cut_in_answer"
        with self._lock:
            self._end(wire, why)

    def _pieces(self, wire: socket.socket) -> Iterator[bytes]:
        """What comes, until the other side or we close."""
        arriving = select.poll()
        arriving.register(wire, select.POLLIN)
        while True:
            arriving.poll()
            with self._lock:
                wire.settimeout(0)
                try:
                    piece = wire.recv(PIECE)
                except (BlockingIOError, ssl.SSLWantReadError):
                    continue  # part of a record, or something of TLS's own
                finally:
                    wire.settimeout(SEND_S)
            if not piece:
                return
            yield piece

    def _take(self, wire: socket.socket, block: bytes) -> None:
        received = read(block, encoding=self.place.encoding)
        with self._lock:
            answer = self._waiting.pop(received.acknowledged, None)
            if answer:
                self._done.append(received.acknowledged)
                answer.set_result(Acknowledgement(received, block))
                return
            known = received.acknowledged in self._done
        if (received.code or received.acknowledged) and not known:
            raise OutOfStep
        reply = self._overheard(received)
        if reply and not received.acknowledged:
            with self._lock:
                wire.sendall(framed(reply))

    def _end(self, wire: socket.socket, why: str) -> None:
        """With the lock held: whoever waits on this connection is told why it ended."""
        with contextlib.suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)  # wakes the reader, which close() would not
        wire.close()
        if wire is not self._socket:
            return
        self._socket = None
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            answer.set_exception(Unanswered(why))

    def close(self, why: str = "cut_off") -> None:
        with self._lock:
            if self._socket:
                self._end(self._socket, why)


class OutOfStep(Exception):
    """An acknowledgement of something that nobody sent."""
