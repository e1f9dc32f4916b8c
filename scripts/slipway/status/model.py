"""What ``slipway status`` knows: of each environment, its hosts and alarms, and of the pipeline."""

from datetime import datetime
from typing import Literal

from slipway.aws.alarms import AlarmState
from slipway.console.documents import Document


class RunningRelease(Document):
    """What a deployment brought to a host, or to all of them."""

    commit: str
    """The commit; empty if the deployment's revision does not say."""
    digest: str
    """The digest of its image; empty if the deployment's revision does not say."""
    deployment: str
    """The deployment that brought it."""
    since: datetime
    """When that deployment was done with it."""


class UnfinishedDeployment(Document):
    """A deployment that is newer than what runs, and has not succeeded."""

    deployment: str
    """Its id."""
    commit: str
    """The commit that it ships; empty if its revision does not say."""
    status: str
    """CodeDeploy's status of it: of the host where it stands beside a host, of the whole elsewhere."""
    since: datetime
    """When it was made or, beside a host, when it last did something there."""


class HostStatus(Document):
    """One EC2 instance of the environment's Auto Scaling group."""

    id: str
    """The instance's id."""
    zone: str
    """Its availability zone."""
    lifecycle: str
    """Auto Scaling's word for where it is between launch and end: InService, Terminating …"""
    health: str
    """Target health by the load balancer: healthy, unhealthy, initial, draining …; "" if it knows it not."""
    health_reason: str
    """Why it is not healthy, in the load balancer's words."""
    runs: RunningRelease | None
    """What the last deployment brought that CodeDeploy saw succeed on it; null if there is none. What its
    container itself says cannot be seen through AWS."""
    newer: UnfinishedDeployment | None
    """A newer deployment that reached it and has not succeeded on it."""
    drifted: bool
    """Whether it runs something other than the last successful deployment of its environment brought."""
    stale: bool
    """Whether it was started from another version of the launch template than new hosts are: what was applied
    since for hosts (agents, image, metadata options) has not reached it."""


class EnvironmentStatus(Document):
    """What runs in an environment: hosts, release, deployment, alarms."""

    name: str
    """As pipeline.toml names it."""
    applied: bool
    """Whether its stack is there; where it is not, the rest is empty."""
    release: RunningRelease | None
    """What its last successful deployment brought."""
    deploying: UnfinishedDeployment | None
    """The deployment that is under way."""
    hosts: tuple[HostStatus, ...]
    """Its hosts, by id."""
    hosts_differ: bool
    """Whether they run different releases."""
    healthy: int
    """How many of them are healthy targets."""
    alarms: tuple[AlarmState, ...]
    """Its alarms, by name."""
    remarks: tuple[str, ...]
    """What somebody should look at, in words."""


class PipelineWait(Document):
    """Something that the pipeline does not go past by itself."""

    stage: str
    """The stage that waits."""
    kind: Literal["approval", "connection", "transition"]
    """A person's approval, a connection that nobody has completed, or a transition that is disabled."""
    why: str
    """In words, with the reason that was given."""
    since: datetime | None
    """Since when, where AWS says so."""
    then: str
    """What lets it go on: a command, or a page of the console."""


class StageStatus(Document):
    """One stage of the pipeline."""

    name: str
    """Its name; an environment's name, for those that deploy."""
    status: str
    """Of its last execution: Succeeded, InProgress, Failed …; "" if it never ran."""
    commit: str
    """The commit that is in it; empty if not known."""
    execution: str
    """The pipeline execution that is in it."""
    since: datetime | None
    """When its last action changed."""
    error: str
    """Why it failed, in AWS's words."""
    then: str
    """What to do about that, where it is known; else empty."""


class PipelineStatus(Document):
    """The pipeline that brings commits to the environments."""

    name: str
    """Its name."""
    applied: bool
    """Whether it is there; where it is not, the rest is empty."""
    stages: tuple[StageStatus, ...]
    """Its stages, in order."""
    waits: tuple[PipelineWait, ...]
    """What it waits for."""


class Status(Document):
    """What ``slipway status --json`` prints."""

    service: str
    """The service."""
    account: str
    """The AWS account."""
    region: str
    """The AWS region."""
    at: datetime
    """When AWS was asked."""
    pipeline: PipelineStatus
    """The delivery pipeline."""
    environments: tuple[EnvironmentStatus, ...]
    """The environments, in the order in which a release passes through."""
