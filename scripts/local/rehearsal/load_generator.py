"""Asks a service over and over, and keeps every answer: when, how long it took, who gave it, what failed.

Only ever on this machine; so many requests a second, so many in all, and no more.
"""

import asyncio
import ipaddress
import json
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from slipway.console.errors import SlipwayError

PER_SECOND = 80
ASKERS = 8
AT_MOST = 60_000
PATIENCE = 10.0  # seconds that an answer may take
POLL = 0.05


@dataclass(frozen=True, slots=True)
class Answer:
    """One request: when it began (monotonic), the seconds it took, who answered, or what failed."""

    at: float
    seconds: float
    commit: str = ""
    failure: str = ""


@dataclass
class Load:
    """A running load generator. answers: all so far, in the order in which they came."""

    address: str
    port: int
    answers: list[Answer] = field(default_factory=list)
    _begun: int = 0
    _stopping: bool = False

    async def reach(self, count: int) -> None:
        """Returns once so many requests have been answered, or have failed."""
        while len(self.answers) < count:
            await asyncio.sleep(POLL)

    @property
    def failures(self) -> list[Answer]:
        """Every request that did not get its answer."""
        return [answer for answer in self.answers if answer.failure]

    async def keep_asking(self, number: int) -> None:
        """One asker: half of them keep their connection, half open one for each request."""
        connection = HttpClient(self.address, self.port, keep=number % 2 == 0)
        pause = ASKERS / PER_SECOND
        due = time.monotonic() + pause * number / ASKERS
        while not self._stopping and self._begun < AT_MOST:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due += pause
            self._begun += 1
            self.answers.append(await connection.ask())
        connection.close()

    def stop(self) -> None:
        """No new requests; those under way get their answers."""
        self._stopping = True


@asynccontextmanager
async def load(address: str, port: int) -> AsyncIterator[Load]:
    """A load generator while the block runs; after it, every request that was begun is counted."""
    if not ipaddress.ip_address(address).is_loopback:
        raise SlipwayError(f"{address} is not on this machine, and load goes nowhere else")
    running = Load(address, port)
    askers = [asyncio.create_task(running.keep_asking(number)) for number in range(ASKERS)]
    try:
        yield running
        running.stop()
        await asyncio.gather(*askers)
    finally:
        for asker in askers:
            asker.cancel()


class HttpClient:
    """Asks for ``/``, over one connection as long as the other side keeps it."""

    def __init__(self, address: str, port: int, *, keep: bool) -> None:
        self._where, self._keep = (address, port), keep
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str = "/") -> Answer:
        """One request and what came of it; it never raises for what the other side does."""
        at = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                commit, failure = await self._exchange(path), ""
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError) as error:
            commit, failure = "", f"{type(error).__name__}: {error}".rstrip(": ")
            self.close()
        return Answer(at, time.monotonic() - at, commit, failure)

    def close(self) -> None:
        """The next request opens another connection."""
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _exchange(self, path: str) -> str:
        reader, writer = self._streams = self._streams or await asyncio.open_connection(*self._where)
        wish = "keep-alive" if self._keep else "close"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: rehearsal\r\nConnection: {wish}\r\n\r\n".encode("ascii"))
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
    """How many answers each commit gave."""
    counts: dict[str, int] = {}
    for answer in answers:
        if not answer.failure:
            counts[answer.commit] = counts.get(answer.commit, 0) + 1
    return counts


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _commit(body: bytes) -> str:
    """The commit that the service says it is; one that does not say so is unknown."""
    try:
        said = json.loads(body)
    except ValueError:
        return "unknown"
    return str(said.get("commit", "unknown")) if isinstance(said, dict) else "unknown"
