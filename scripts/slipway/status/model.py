"""What ``slipway status`` shows: environments with their hosts and alarms, and the pipeline."""

from datetime import datetime
from typing import Literal

from slipway.aws.alarms import AlarmState
from slipway.console.documents import Document


class RunningRelease(Document):
    """The release that a host, or an environment, runs."""

    commit: str
    """The commit; empty if the deployment's revision does not name it."""
    digest: str
    """The digest of its image; empty if the deployment's revision does not name it."""
    deployment: str
    """The id of the deployment that deployed it."""
    since: datetime
    """When that deployment ended (beside a host: on that host)."""


class UnfinishedDeployment(Document):
    """A deployment that is newer than the running release and has not succeeded."""

    deployment: str
    """The deployment's id."""
    commit: str
    """The commit that it deploys; empty if its revision does not name it."""
    status: str
    """CodeDeploy's status: beside a host, the status on that host; elsewhere, of the whole deployment."""
    since: datetime
    """When it was created; beside a host, when its status there last changed."""


class HostStatus(Document):
    """One EC2 instance of the environment's Auto Scaling group."""

    id: str
    """The instance's id."""
    zone: str
    """The host's availability zone."""
    lifecycle: str
    """Auto Scaling's lifecycle state: InService, Terminating …"""
    health: str
    """The load balancer's target health: healthy, unhealthy, initial, draining …; "" if not registered."""
    health_reason: str
    """The load balancer's description of why it is not healthy; empty if it is."""
    runs: RunningRelease | None
    """The release of the last deployment that succeeded on it; null if there is none. This is CodeDeploy's
    record: the container itself is not asked."""
    newer: UnfinishedDeployment | None
    """A newer deployment that reached the host and has not succeeded on it; null if there is none."""
    drifted: bool
    """Whether it runs another commit than its environment's last successful deployment deployed."""
    stale: bool
    """Whether it was started from another version of the launch template than new hosts are. Later changes of
    the hosts' settings (agents, image, metadata options) are not active on it."""


class EnvironmentStatus(Document):
    """The status of an environment: release, deployment, hosts, alarms."""

    name: str
    """The environment's name in pipeline.toml."""
    applied: bool
    """Whether its stack is applied; if not, the rest is empty."""
    release: RunningRelease | None
    """The release of its last successful deployment; null if there was none."""
    deploying: UnfinishedDeployment | None
    """The deployment in progress; null if there is none."""
    hosts: tuple[HostStatus, ...]
    """Its hosts, sorted by id."""
    hosts_differ: bool
    """Whether its hosts run different releases."""
    healthy: int
    """How many of its hosts are healthy targets of the load balancer."""
    alarms: tuple[AlarmState, ...]
    """Its alarms, sorted by name."""
    remarks: tuple[str, ...]
    """Problems to look at, each as a sentence."""


class PipelineWait(Document):
    """Something that stops the pipeline until a person acts."""

    stage: str
    """The stage that waits."""
    kind: Literal["approval", "connection", "transition"]
    """A pending approval, a connection that is not completed, or a disabled transition."""
    why: str
    """Why it waits, with the reason that was given."""
    since: datetime | None
    """Since when; null if AWS does not say."""
    then: str
    """How to continue: a command, or a page of the console."""


class StageStatus(Document):
    """One stage of the pipeline."""

    name: str
    """The stage's name; for a stage that deploys, the environment's name."""
    status: str
    """The status of its last execution: Succeeded, InProgress, Failed …; "" if it never ran."""
    commit: str
    """The commit of its last execution; empty if unknown."""
    execution: str
    """The id of its last execution; empty if it never ran."""
    since: datetime | None
    """When the status of one of its actions last changed."""
    error: str
    """AWS's error message; empty if it did not fail."""
    then: str
    """What to do about the error, if known; else empty."""


class PipelineStatus(Document):
    """The pipeline that deploys commits to the environments."""

    name: str
    """The pipeline's name."""
    applied: bool
    """Whether it exists; if not, the rest is empty."""
    stages: tuple[StageStatus, ...]
    """The pipeline's stages, in order."""
    waits: tuple[PipelineWait, ...]
    """What the pipeline waits for."""


class Status(Document):
    """What ``slipway status --json`` prints."""

    service: str
    """The service's name."""
    account: str
    """The AWS account's id."""
    region: str
    """The AWS region."""
    at: datetime
    """When this was read from AWS."""
    pipeline: PipelineStatus
    """The delivery pipeline."""
    environments: tuple[EnvironmentStatus, ...]
    """The environments, in the order in which a release is deployed to them."""
