"""The gap on one host: from the last answer of the old container to the first of the new one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from local.rehearsal.load_generator import Answer, HttpClient
from local.rehearsal.machines.host import Host

PAUSE = 0.01  # seconds between two questions


@dataclass
class Watch:
    """Who answered on a host, and when."""

    answers: list[Answer] = field(default_factory=list)

    async def heard(self, commit: str) -> None:
        """Returns once a commit has answered."""
        while not any(each.commit == commit for each in self.answers):
            await asyncio.sleep(PAUSE)

    def gap(self, old: str, new: str) -> float | None:
        """Seconds in which nobody answered; None if one of the two never did."""
        last = max((each.at + each.seconds for each in self.answers if each.commit == old), default=None)
        first = min((each.at + each.seconds for each in self.answers if each.commit == new), default=None)
        return None if last is None or first is None else round(first - last, 3)


@asynccontextmanager
async def watched(host: Host) -> AsyncIterator[Watch]:
    """Asks a host itself, past the load balancer, while the block runs."""
    watch = Watch()
    asking = asyncio.create_task(_ask(host, watch))
    try:
        yield watch
    finally:
        asking.cancel()


async def _ask(host: Host, watch: Watch) -> None:
    connection = HttpClient(host.address, host.port, keep=False)
    while True:
        watch.answers.append(await connection.ask())
        await asyncio.sleep(PAUSE)
