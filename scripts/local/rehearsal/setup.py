"""Prepares what the steps of a rehearsal need: applies the stacks to the emulated AWS, builds commits."""

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
    "SHUTDOWN_GRACE_SECONDS": "0",  # a host is drained before its container is stopped
}
LOOK = 0.5  # seconds between two checks


@dataclass(frozen=True)
class Setup:
    """Applies stacks and builds commits. began: when the rehearsal did; environment: Terraform's."""

    testbed: Testbed
    shown: Progress
    record: RehearsalRecord
    began: float
    environment: dict[str, str]

    async def builder(self) -> Builder:
        """The builder, once the base image is ready and the foundation can take images and revisions."""
        finding = asyncio.to_thread(self.testbed.base_image, self.testbed.project.root)
        stand_in, _ = await together(finding, self._until(self._can_be_built_for))
        self.record.base_image = "a stand-in, this machine's Python" if stand_in else "the Dockerfile's own"
        return self.testbed.builder(stand_in)

    def _can_be_built_for(self) -> bool:
        """Whether the repositories and the artifact bucket are ready.

        The foundation is not complete then: the provider waits another minute for lifecycle rules.
        """
        names, aws = self.testbed.project.names, self.testbed.clients
        wanted = [names.repository, names.cache_repository]
        try:
            aws.ecr.describe_repositories(repositoryNames=wanted)
            aws.s3.get_bucket_policy(Bucket=names.artifact_bucket)
            return aws.s3.get_bucket_versioning(Bucket=names.artifact_bucket).get("Status") == "Enabled"
        except RefusedError:
            return False

    def _can_be_deployed_to(self) -> bool:
        """Whether the CodeDeploy application exists: the last that an environment needs of the foundation."""
        known = self.testbed.clients.codedeploy.list_applications()["applications"]
        return self.testbed.stack.application in known

    async def _until(self, ready: Callable[[], bool]) -> None:
        while not await asyncio.to_thread(ready):
            await asyncio.sleep(LOOK)

    async def apply_environment(self, stack: SynthesisedStack) -> None:
        """Writes parameters for the service, then applies the first environment."""
        for name, value in PARAMETERS.items():
            path = f"{self.testbed.project.names.environments[0].parameter_path}/{name}"
            self.testbed.clients.ssm.put_parameter(Name=path, Value=value, Type="SecureString")
        await self._until(self._can_be_deployed_to)
        await self.apply(stack)

    async def build(self, builder: Builder, name: str, change: Change) -> BuildRecord:
        """Builds a commit. name: how the record calls it, such as ``commit 1``."""
        source = self.testbed.directory / "source"
        commit = await asyncio.to_thread(commits.make, self.testbed.project.root, source, name, change)
        self.record.names[commit.hash] = name
        return await builder.build(commit, self.began)

    async def apply(self, stack: SynthesisedStack) -> None:
        """Applies one stack, whose dependencies have been applied."""
        alone = [replace(stack, dependencies=())]
        await stacks.apply(self.testbed.aws, alone, self.environment, self.shown)
