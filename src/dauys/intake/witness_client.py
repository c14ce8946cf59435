"""Speaks to one witness (c2sp.org/tlog-witness v1.0.0), within a time that is given; never on the way of a signature."""

from __future__ import annotations

import time
from dataclasses import dataclass

import httpx

from dauys.errors import BadInput, SizeConflict, WitnessAway, WitnessRefused
from dauys.translog.submission import PATH, Submission, latest_path, parse_size

USER_AGENT = "dauys-log"
LARGEST_ANSWER = 256 * 1024  # bytes: a checkpoint with fifty ML-DSA lines
CONFLICT = 409


@dataclass(frozen=True, slots=True)
class WitnessClient:
    """A witness by its submission prefix; `seconds` bound a whole exchange, however it drips."""

    url: str
    client: httpx.Client
    seconds: float

    def submit(self, submission: Submission) -> str:
        """The signature lines of the answer, not yet verified; SizeConflict with the held size, WitnessRefused, WitnessAway."""
        status, body = self._exchange("POST", PATH, submission.to_text().encode())
        if status == CONFLICT:
            raise SizeConflict(size=self._size(body))
        if status != httpx.codes.OK:
            raise WitnessRefused(address=self.url, status=status, what=_first_line(body))
        try:
            return body.decode()
        except UnicodeDecodeError:
            raise WitnessAway(address=self.url, why="its answer is no text") from None

    def latest(self, origin: str) -> str | None:
        """The latest checkpoint that it cosigned of a log, not yet verified; None where it knows none."""
        status, body = self._exchange("GET", latest_path(origin))
        if status == httpx.codes.NOT_FOUND:
            return None
        if status != httpx.codes.OK:
            raise WitnessAway(address=self.url, why=f"it answers {status}")
        return body.decode(errors="replace")

    def _exchange(self, method: str, path: str, content: bytes | None = None) -> tuple[int, bytes]:
        until, body = time.monotonic() + self.seconds, b""
        address = self.url.rstrip("/") + path
        try:
            with self.client.stream(method, address, content=content, timeout=self.seconds) as answer:
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST_ANSWER or time.monotonic() > until:
                        raise WitnessAway(address=self.url, why="its answer is too long or too slow")
                return answer.status_code, body
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise WitnessAway(address=self.url, why=str(error) or type(error).__name__) from None

    def _size(self, body: bytes) -> int:
        try:
            return parse_size(body)
        except (ValueError, BadInput):
            raise WitnessAway(address=self.url, why="its conflict names no size") from None


def make_client() -> httpx.Client:
    """A client for all witnesses of a log: connections are kept, redirects and the environment's proxies are not followed."""
    return httpx.Client(headers={"user-agent": USER_AGENT}, trust_env=False, follow_redirects=False)


def _first_line(body: bytes) -> str:
    return body.decode(errors="replace").partition("\n")[0][:200]
