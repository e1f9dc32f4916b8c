"""Sends requests to a service and records each answer: when, how long it took, which commit, which failure.

It sends only to this machine, at a limited rate, and stops at a limited number.
"""

import asyncio
import ipaddress
import json
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from local.rehearsal.machines.routes import ANY_HOST
from slipway.console.errors import SlipwayError

PER_SECOND = 80
ASKERS = 8
AT_MOST = 60_000
PATIENCE = 10.0  # seconds until a request counts as failed
POLL = 0.05


@dataclass(frozen=True, slots=True)
class Answer:
    """One request. at: when it began (monotonic clock); commit: which answered; failure: what went wrong."""

    at: float
    seconds: float
    commit: str = ""
    failure: str = ""


@dataclass
class Load:
    """A running load generator. answers: all so far, in order of arrival."""

    address: str
    port: int
    host: str
    path: str
    per_second: int
    answers: list[Answer] = field(default_factory=list)
    _begun: int = 0
    _stopping: bool = False

    async def reach(self, count: int) -> None:
        """Waits until ``count`` requests have been answered or have failed."""
        while len(self.answers) < count:
            await asyncio.sleep(POLL)

    @property
    def failures(self) -> list[Answer]:
        """The answers of requests that failed."""
        return [answer for answer in self.answers if answer.failure]

    async def keep_asking(self, number: int) -> None:
        """Sends requests until stopped; every second asker opens a new connection for each request."""
        connection = HttpClient(self.address, self.port, keep=number % 2 == 0, host=self.host)
        pause = ASKERS / self.per_second
        due = time.monotonic() + pause * number / ASKERS
        while not self._stopping and self._begun < AT_MOST:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due += pause
            self._begun += 1
            self.answers.append(await connection.ask(self.path))
        connection.close()

    def stop(self) -> None:
        """Stops new requests; those in flight are completed."""
        self._stopping = True


@asynccontextmanager
async def load(
    address: str, port: int, *, host: str = ANY_HOST, path: str = "/", per_second: int = PER_SECOND
) -> AsyncIterator[Load]:
    """A load generator while the block runs; when it ends, all requests in flight are counted.

    host: of the requests' Host header; path: which all of them ask for; per_second: how many are sent. Raises
    SlipwayError if the address is not loopback.
    """
    if not ipaddress.ip_address(address).is_loopback:
        raise SlipwayError(f"{address} is not a loopback address: load is generated only on this machine")
    running = Load(address, port, host, path, per_second)
    askers = [asyncio.create_task(running.keep_asking(number)) for number in range(ASKERS)]
    try:
        yield running
        running.stop()
        await asyncio.gather(*askers)
    finally:
        for asker in askers:
            asker.cancel()


class HttpClient:
    """An HTTP client for one service.

    keep: whether it keeps its connection between requests. host: of its Host header.
    """

    def __init__(self, address: str, port: int, *, keep: bool, host: str = ANY_HOST) -> None:
        self._where, self._keep, self._host = (address, port), keep, host
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str = "/") -> Answer:
        """Sends one request; a failure of the service is returned in the answer, never raised."""
        at = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                commit, failure = await self._exchange(path), ""
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError) as error:
            commit, failure = "", f"{type(error).__name__}: {error}".rstrip(": ")
            self.close()
        return Answer(at, time.monotonic() - at, commit, failure)

    def close(self) -> None:
        """Closes the connection; the next request opens another."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _exchange(self, path: str) -> str:
        reader, writer = self._streams = self._streams or await asyncio.open_connection(*self._where)
        wish = "keep-alive" if self._keep else "close"
        head_lines = f"GET {path} HTTP/1.1", f"Host: {self._host}", f"Connection: {wish}"
        writer.write(("\r\n".join(head_lines) + "\r\n\r\n").encode("ascii"))
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(_header(line) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", "none")))
        if not self._keep or headers.get("connection", "").lower() == "close":
            self.close()
        status = head[0].split()[1]
        if status != "200":
            raise ValueError(f"answered {status}")
        return _commit(body)


def by_commit(answers: Iterable[Answer]) -> dict[str, int]:
    """The number of answers by commit."""
    counts: dict[str, int] = {}
    for answer in answers:
        if not answer.failure:
            counts[answer.commit] = counts.get(answer.commit, 0) + 1
    return counts


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _commit(body: bytes) -> str:
    """The commit that the service reports; ``unknown`` if it reports none."""
    try:
        said = json.loads(body)
    except ValueError:
        return "unknown"
    return str(said.get("commit", "unknown")) if isinstance(said, dict) else "unknown"
