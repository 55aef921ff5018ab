"""One HTTP request to a partner: bounded in time and size, no redirect followed."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import requests

from ehr_prehospital.delivery.rules import Answer, Outcome

CONNECT_S = 5.0
# All of it, however slowly the bytes drip; well below the time that a delivery is claimed for.
WHOLE_S = 45.0
MOST_BYTES = 5 * 1024 * 1024
PIECE = 65536


class Unanswered(Exception):
    """Nobody answered, or not to the end. `code` says how: for the list of deliveries."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after_s(self) -> float | None:
        """The pause that the partner asks for, where it says one in seconds."""
        said = self.headers.get("retry-after", "")
        return float(said) if said.isdigit() else None


def ask(
    method: str,
    address: str,
    *,
    content: bytes = b"",
    headers: Mapping[str, str],
    whole_s: float = WHOLE_S,
) -> HttpAnswer:
    """Raises Unanswered."""
    ends = time.monotonic() + whole_s
    try:
        with requests.request(
            method,
            address,
            data=content,
            headers=dict(headers),
            timeout=(CONNECT_S, whole_s),
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = bytearray()
            for piece in answer.iter_content(PIECE):
                body += piece
                if len(body) > MOST_BYTES:
                    raise Unanswered("answer_too_large")
                if time.monotonic() > ends:
                    raise Unanswered("timeout")
            names = {name.lower(): value for name, value in answer.headers.items()}
            return HttpAnswer(answer.status_code, names, bytes(body))
    except requests.Timeout as failure:
        raise Unanswered("timeout") from failure
    except requests.RequestException as failure:
        cut = isinstance(failure, (requests.exceptions.ChunkedEncodingError,))
        raise Unanswered("cut_off" if cut else "unreachable") from failure


def unusable(answer: HttpAnswer) -> Answer | None:
    """What an HTTP status alone decides; None where the body does.

    A server in trouble (5xx), too busy (429) or too slow (408) is asked again; what was not
    accepted for another reason will not be accepted the next time.
    """
    code, said = f"http_{answer.status}", answer.body.decode("utf-8", "replace")
    if answer.status >= 500 or answer.status in (408, 425, 429):
        return Answer(Outcome.LATER, code, said=said, retry_after_s=answer.retry_after_s)
    if answer.status >= 300:
        return Answer(Outcome.REFUSED, code, said=said)
    return None
