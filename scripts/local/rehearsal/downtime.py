"""Measures the downtime of one host: from the old container's last answer to the new one's first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from local.rehearsal.load_generator import Answer, HttpClient
from local.rehearsal.machines.host import Host

PAUSE = 0.01  # seconds between two requests


@dataclass
class Watch:
    """The answers of one host, with their times."""

    answers: list[Answer] = field(default_factory=list)

    def downtime(self, old: str, new: str) -> float | None:
        """Seconds between the old commit's last answer and the new one's first; None without either."""
        last = max(
            (answer.at + answer.seconds for answer in self.answers if answer.commit == old), default=None
        )
        first = min(
            (answer.at + answer.seconds for answer in self.answers if answer.commit == new), default=None
        )
        return None if last is None or first is None else round(first - last, 3)


@asynccontextmanager
async def watched(host: Host) -> AsyncIterator[Watch]:
    """Sends requests directly to a host, not through the load balancer, while the block runs."""
    watch = Watch()
    asking = asyncio.create_task(_ask(host, watch))
    try:
        yield watch
    finally:
        asking.cancel()


async def _ask(host: Host, watch: Watch) -> None:
    client = HttpClient(host.address, host.port, keep=False)
    while True:
        watch.answers.append(await client.ask())
        await asyncio.sleep(PAUSE)
