"""What CodeDeploy says of single hosts: which deployment last succeeded on each, and what came after it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.aws.codedeploy import Deployment
from slipway.aws.errors import code_of

if TYPE_CHECKING:
    from mypy_boto3_codedeploy.client import CodeDeployClient
    from mypy_boto3_codedeploy.type_defs import DeploymentTargetTypeDef

AT_ONCE = 25  # BatchGetDeploymentTargets takes no more
FURTHEST = 20  # deployments to look back through, besides one for each host: a new host has its own
NOT_YET = {"DeploymentNotStartedException", "DeploymentDoesNotExistException"}
GONE = "DeploymentTargetDoesNotExistException"


@dataclass(frozen=True)
class Reached:
    """What a deployment came to on a host."""

    deployment: Deployment
    status: str
    at: datetime


@dataclass
class Deployed:
    """A host's last success, and the newest deployment after it that has not succeeded."""

    runs: Reached | None = None
    newer: Reached | None = None


@dataclass
class Search:
    """Goes back through deployments until one is found for each host."""

    codedeploy: "CodeDeployClient"
    hosts: Collection[str]
    found: dict[str, Deployed] = field(default_factory=dict)

    def through(self, deployments: Iterable[Deployment]) -> Mapping[str, Deployed]:
        """What runs on each host; deployments are newest first."""
        self.found = {each: Deployed() for each in self.hosts}
        for _, deployment in zip(range(FURTHEST + len(self.hosts)), deployments, strict=False):
            open_ = {host for host, each in self.found.items() if each.runs is None}
            if not open_:
                break
            for host, reached in reached_by(self.codedeploy, deployment, open_):
                self._note(host, reached)
        return self.found

    def _note(self, host: str, reached: Reached) -> None:
        known = self.found[host]
        if reached.status == "Succeeded":
            known.runs = reached
        elif known.newer is None and reached.status != "Skipped":
            known.newer = reached


def reached_by(
    codedeploy: "CodeDeployClient", deployment: Deployment, hosts: Collection[str]
) -> Iterator[tuple[str, Reached]]:
    """Those of the hosts that a deployment has to do with, and what it came to there."""
    ids = [each for each in _listed(codedeploy, deployment.id) if each in hosts]
    for start in range(0, len(ids), AT_ONCE):
        for target in _targets(codedeploy, deployment.id, ids[start : start + AT_ONCE]):
            instance = target.get("instanceTarget", {})
            at = instance.get("lastUpdatedAt") or deployment.completed or deployment.created
            yield instance.get("targetId", ""), Reached(deployment, instance.get("status", "Unknown"), at)


def _listed(codedeploy: "CodeDeployClient", deployment: str) -> list[str]:
    found: list[str] = []
    token = ""
    while True:
        try:
            answer = (
                codedeploy.list_deployment_targets(deploymentId=deployment, nextToken=token)
                if token
                else codedeploy.list_deployment_targets(deploymentId=deployment)
            )
        except ClientError as error:
            if code_of(error) in NOT_YET:
                return found
            raise
        found += answer["targetIds"]
        token = answer.get("nextToken", "")
        if not token:
            return found


def _targets(
    codedeploy: "CodeDeployClient", deployment: str, ids: list[str]
) -> "list[DeploymentTargetTypeDef]":
    """The targets; if one has gone since it was listed, those that have not."""
    try:
        return codedeploy.batch_get_deployment_targets(deploymentId=deployment, targetIds=ids)[
            "deploymentTargets"
        ]
    except ClientError as error:
        if code_of(error) != GONE:
            raise
        if len(ids) == 1:
            return []
        return [found for each in ids for found in _targets(codedeploy, deployment, [each])]
