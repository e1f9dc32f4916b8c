"""Asks AWS how every environment and the pipeline are: in batches, and several environments at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from modules.config.names import EnvironmentNames, Names
from slipway.aws import alarms, connections, hosts, parallel
from slipway.aws.clients import Aws
from slipway.aws.revisions import Images
from slipway.releases import groups
from slipway.status import pipeline
from slipway.status.environment import Common, Look
from slipway.status.model import Environment, Status


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What is asked about. Keep it to ask again: revisions that were read are not read twice."""

    aws: Aws
    names: Names
    environments: Sequence[EnvironmentNames]
    images: Images

    @classmethod
    def of(cls, aws: Aws, names: Names, environments: Sequence[EnvironmentNames]) -> "Survey":
        """A survey of some environments, and of the pipeline."""
        return cls(aws=aws, names=names, environments=environments, images=Images(aws.s3))

    def status(self) -> Status:
        """How everything is now."""
        client = self.aws.codeconnections
        return Status(
            service=self.names.service,
            account=self.names.account,
            region=self.names.region,
            at=datetime.now(UTC).replace(microsecond=0),
            pipeline=pipeline.read(
                self.aws.codepipeline,
                self.names.delivery_pipeline,
                lambda arn: connections.status(client, arn),
                self.names.region,
            ),
            environments=self._environments(),
        )

    def _environments(self) -> tuple[Environment, ...]:
        common = self._common()
        # Made here: a session cannot make clients in several threads at a time.
        look = Look(self.aws, self.names.application, self.images, common)
        return tuple(parallel.each(look.at, self.environments))

    def _common(self) -> "Common":
        """What is read for all environments at once."""
        names = [each.deployment_group for each in self.environments]
        found = groups.read(self.aws.codedeploy, self.names.application, names)
        return Common(
            groups=found,
            instances=hosts.instances(
                self.aws.autoscaling, [asg for each in found.values() for asg in each.auto_scaling_groups]
            ),
            target_groups=hosts.target_group_arns(
                self.aws.elbv2, [name for each in found.values() for name in each.target_groups]
            ),
            alarms=alarms.read(
                self.aws.cloudwatch,
                f"{self.names.service}-",
                {each.environment: each.alarm("") for each in self.environments},
                [alarm for each in found.values() for alarm in each.alarms],
            ),
        )
