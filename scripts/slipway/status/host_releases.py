"""Finds which deployment last succeeded on each host, and the newer one that did not."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from slipway.aws import codedeploy
from slipway.aws.clients import Aws
from slipway.aws.codedeploy import SUCCEEDED, Deployment, DeploymentTarget

FURTHEST = 20  # deployments to search, and one more for each host: a new host has one of its own


@dataclass(frozen=True)
class HostRelease:
    """A deployment, and its status on one host."""

    deployment: Deployment
    target: DeploymentTarget

    @property
    def at(self) -> datetime:
        """When its status on the host last changed."""
        return self.target.updated or self.deployment.completed or self.deployment.created


@dataclass
class HostReleases:
    """runs: the last deployment that succeeded on a host. newer: the newest one since, which did not."""

    runs: HostRelease | None = None
    newer: HostRelease | None = None


@dataclass
class HostReleaseSearch:
    """Searches deployments, newest first, until one that succeeded is found for each host."""

    aws: Aws
    hosts: Collection[str]
    found: dict[str, HostReleases] = field(default_factory=dict)

    def through(self, deployments: Iterable[Deployment]) -> Mapping[str, HostReleases]:
        """What runs on each host, by instance id. deployments: newest first."""
        self.found = {host: HostReleases() for host in self.hosts}
        for _, deployment in zip(range(FURTHEST + len(self.hosts)), deployments, strict=False):
            open_ = {host for host, releases in self.found.items() if releases.runs is None}
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
