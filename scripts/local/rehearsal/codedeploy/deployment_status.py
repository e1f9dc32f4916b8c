"""Tells the emulated AWS how a deployment goes, and hears whether it is to go on."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from local.emulator.deployment_reports import report_deployment
from local.rehearsal.codedeploy.targets import Instances
from local.rehearsal.results.record import IN_PROGRESS, DeploymentRecord

PAUSE = 2.0  # seconds between two reports while nothing changes: an alarm may have gone off


class StatusReporter:
    """Of one deployment; its reports reach AWS in the order in which they were made."""

    def __init__(self, endpoint: str, region: str, instances: Instances) -> None:
        self._endpoint, self._region, self._instances = endpoint, region, instances
        self._turn = asyncio.Lock()
        self._record: DeploymentRecord | None = None

    async def go_on(self, record: DeploymentRecord) -> bool:
        """Tells how far it is; whether nobody has stopped it."""
        self._record = record
        return await self._tell(record, {"status": IN_PROGRESS}) == IN_PROGRESS

    async def end(self, record: DeploymentRecord, error: Mapping[str, str]) -> None:
        """Tells how it ended. error: as API_ErrorInformation has it; empty if it ended well."""
        await self._tell(record, {"status": record.status, "errorInformation": error})

    @asynccontextmanager
    async def also_meanwhile(self) -> AsyncIterator[None]:
        """Tells also while nothing changes, as long as the block runs."""
        over = asyncio.Event()
        telling = asyncio.create_task(self._until(over))
        try:
            yield
        finally:
            over.set()
            await telling

    async def _until(self, over: asyncio.Event) -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), PAUSE)
            if self._record and not over.is_set():
                await self.go_on(self._record)

    async def _tell(self, record: DeploymentRecord, info: Mapping[str, object]) -> str:
        async with self._turn:
            targets = self._instances.targets(record)
            answer = await asyncio.to_thread(
                report_deployment, self._endpoint, self._region, record.id, info=info, targets=targets
            )
        return answer["status"]
