"""Asks AWS how every environment and the pipeline are: in batches, and several environments at a time."""

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
    """What is asked about. Keep it to ask again: revisions that were read are not read twice."""

    aws: Aws
    names: Names
    environments: Sequence[EnvironmentNames]
    shipped: RevisionImages

    @classmethod
    def of(cls, aws: Aws, names: Names, environments: Sequence[EnvironmentNames]) -> "Survey":
        """A survey of some environments, and of the pipeline."""
        return cls(aws=aws, names=names, environments=environments, shipped=RevisionImages(aws))

    def status(self) -> Status:
        """How everything is now."""
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
                self.aws, [asg for each in every for asg in each.auto_scaling_groups]
            ),
            target_groups=hosts.target_group_arns(
                self.aws, [name for each in every for name in each.target_groups]
            ),
            alarms=alarms(
                self.aws,
                f"{self.names.service}-",
                {environment.environment: environment.alarm("") for environment in self.environments},
                [alarm for each in every for alarm in each.alarms],
            ),
        )
        return tuple(parallel.each(reader.read, self.environments))
