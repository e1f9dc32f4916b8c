"""Reads the status of all environments and the pipeline: in batches, several environments at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from modules.config.names import EnvironmentNames, Names
from slipway.aws import codedeploy, hosts, parallel
from slipway.aws.alarms import alarms
from slipway.aws.clients import Aws
from slipway.aws.revisions import RevisionImages
from slipway.status import pipeline
from slipway.status.environment import EnvironmentReader
from slipway.status.model import EnvironmentStatus, Status


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What to read. Keep it to read again: revisions that were read once are cached."""

    aws: Aws
    names: Names
    environments: Sequence[EnvironmentNames]
    shipped: RevisionImages

    @classmethod
    def of(cls, aws: Aws, names: Names, environments: Sequence[EnvironmentNames]) -> "Survey":
        """Make a survey of these environments and the pipeline."""
        return cls(aws=aws, names=names, environments=environments, shipped=RevisionImages(aws))

    def status(self) -> Status:
        """Read the current status of everything."""
        return Status(
            service=self.names.service,
            account=self.names.account,
            region=self.names.region,
            at=datetime.now(UTC).replace(microsecond=0),
            pipeline=pipeline.read(self.aws, self.names),
            environments=self._environments(),
        )

    def _environments(self) -> tuple[EnvironmentStatus, ...]:
        groups = codedeploy.deployment_groups(
            self.aws,
            self.names.application,
            [environment.deployment_group for environment in self.environments],
        )
        every = groups.values()
        reader = EnvironmentReader(
            aws=self.aws,
            application=self.names.application,
            shipped=self.shipped,
            groups=groups,
            scaling_groups=hosts.scaling_groups(
                self.aws, [asg for group in every for asg in group.auto_scaling_groups]
            ),
            target_groups=hosts.target_group_arns(
                self.aws, [name for group in every for name in group.target_groups]
            ),
            alarms=alarms(
                self.aws,
                f"{self.names.service}-",
                {environment.environment: environment.alarm("") for environment in self.environments},
                [alarm for group in every for alarm in group.alarms],
            ),
        )
        return tuple(parallel.each(reader.read, self.environments))
