"""What the steps of a rehearsal stand on: the stacks, applied to the emulated AWS, and builds."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from local import stacks
from local.rehearsal import commits
from local.rehearsal.codebuild.builder import Builder
from local.rehearsal.commits import Change
from local.rehearsal.results.record import BuildRecord, RehearsalRecord
from local.rehearsal.testbed import Testbed
from local.rehearsal.together import together
from slipway.aws.errors import RefusedError
from slipway.terraform.progress.board import Progress
from slipway.terraform.stacks.manifest import SynthesisedStack

PARAMETERS = {
    "LOG_LEVEL": "info",
    "REHEARSAL_SECRET": "only root may read this",
    "SHUTDOWN_GRACE_SECONDS": "0",  # each host has been drained when its container is stopped
}
LOOK = 0.5  # seconds between two looks


@dataclass(frozen=True)
class Setup:
    """Applies stacks and builds commits. began: the rehearsal's beginning; environment: Terraform's."""

    testbed: Testbed
    shown: Progress
    record: RehearsalRecord
    began: float
    environment: dict[str, str]

    async def builder(self) -> Builder:
        """What builds, once there is a base image, and a place for what it makes."""
        finding = asyncio.to_thread(self.testbed.base_image, self.testbed.project.root)
        stand_in, _ = await together(finding, self._until(self._can_be_built_for))
        self.record.base_image = "a stand-in, this machine's Python" if stand_in else "the Dockerfile's own"
        return self.testbed.builder(stand_in)

    def _can_be_built_for(self) -> bool:
        """Whether images and revisions have their places; then the provider waits a minute for rules."""
        names, aws = self.testbed.project.names, self.testbed.clients
        wanted = [names.repository, names.cache_repository]
        try:
            aws.ecr.describe_repositories(repositoryNames=wanted)
            aws.s3.get_bucket_policy(Bucket=names.artifact_bucket)
            return aws.s3.get_bucket_versioning(Bucket=names.artifact_bucket).get("Status") == "Enabled"
        except RefusedError:
            return False

    def _can_be_deployed_to(self) -> bool:
        """All that an environment needs of the foundation."""
        known = self.testbed.clients.codedeploy.list_applications()["applications"]
        return self.testbed.stack.application in known

    async def _until(self, ready: Callable[[], bool]) -> None:
        while not await asyncio.to_thread(ready):
            await asyncio.sleep(LOOK)

    async def apply_environment(self, stack: SynthesisedStack) -> None:
        """Applies the first environment, with parameters for its service."""
        for name, value in PARAMETERS.items():
            path = f"{self.testbed.project.names.environments[0].parameter_path}/{name}"
            self.testbed.clients.ssm.put_parameter(Name=path, Value=value, Type="SecureString")
        await self._until(self._can_be_deployed_to)
        await self.apply(stack)

    async def build(self, builder: Builder, name: str, change: Change) -> BuildRecord:
        """Builds a commit, which has this name for people."""
        source = self.testbed.directory / "source"
        commit = await asyncio.to_thread(commits.make, self.testbed.project.root, source, name, change)
        self.record.names[commit.hash] = name
        return await builder.build(commit, self.began)

    async def apply(self, stack: SynthesisedStack) -> None:
        """Applies one stack; those that it needs are applied already."""
        alone = [replace(stack, dependencies=())]
        await stacks.apply(self.testbed.aws, alone, self.environment, self.shown)
