"""Which deployment last succeeded on each host, and what came after it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from slipway.aws import codedeploy
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import SUCCEEDED, Deployment, DeploymentTarget

FURTHEST = 20  # deployments to look back through, besides one for each host: a new host has its own


@dataclass(frozen=True)
class HostRelease:
    """A deployment, and what it came to on one host."""

    deployment: Deployment
    target: DeploymentTarget

    @property
    def at(self) -> datetime:
        """When it last did something there."""
        return self.target.updated or self.deployment.completed or self.deployment.created


@dataclass
class HostReleases:
    """A host's last success, and the newest deployment after it that has not succeeded."""

    runs: HostRelease | None = None
    newer: HostRelease | None = None


@dataclass
class HostReleaseSearch:
    """Goes back through deployments until one is found for each host."""

    aws: Aws
    hosts: Collection[str]
    found: dict[str, HostReleases] = field(default_factory=dict)

    def through(self, deployments: Iterable[Deployment]) -> Mapping[str, HostReleases]:
        """What runs on each host; deployments are newest first."""
        self.found = {each: HostReleases() for each in self.hosts}
        for _, deployment in zip(range(FURTHEST + len(self.hosts)), deployments, strict=False):
            open_ = {host for host, each in self.found.items() if each.runs is None}
            if not open_:
                break
            for target in codedeploy.targets(self.aws, deployment.id, open_):
                self._note(HostRelease(deployment, target))
        return self.found

    def _note(self, release: HostRelease) -> None:
        known = self.found[release.target.id]
        if release.target.status == SUCCEEDED:
            known.runs = release
        elif known.newer is None and release.target.status != "Skipped":
            known.newer = release
