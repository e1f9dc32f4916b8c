"""Reports a deployment's progress to the emulated AWS, which answers whether it continues."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from local.emulator.deployment_reports import report_deployment
from local.rehearsal.codedeploy.targets import Instances
from local.rehearsal.results.record import IN_PROGRESS, DeploymentRecord

PAUSE = 2.0  # seconds between two reports without changes: an alarm may have stopped the deployment


class StatusReporter:
    """Reports one deployment's status; the reports arrive in the order in which they are made."""

    def __init__(self, endpoint: str, region: str, instances: Instances) -> None:
        self._endpoint, self._region, self._instances = endpoint, region, instances
        self._turn = asyncio.Lock()
        self._record: DeploymentRecord | None = None

    async def go_on(self, record: DeploymentRecord) -> bool:
        """Reports the progress; False if the deployment has been stopped."""
        self._record = record
        return await self._tell(record, {"status": IN_PROGRESS}) == IN_PROGRESS

    async def end(self, record: DeploymentRecord, error: Mapping[str, str]) -> None:
        """Reports the result. error: an API_ErrorInformation; empty if it succeeded."""
        await self._tell(record, {"status": record.status, "errorInformation": error})

    @asynccontextmanager
    async def also_meanwhile(self) -> AsyncIterator[None]:
        """Repeats the last report every two seconds while the block runs."""
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
