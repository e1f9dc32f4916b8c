"""What ``slipway hosts`` prints with --json."""

from datetime import datetime

from slipway.console.documents import Document


class ListedHost(Document):
    """One EC2 instance of the environment's Auto Scaling group."""

    id: str
    """The instance's id."""
    zone: str
    """Its availability zone."""
    lifecycle: str
    """Auto Scaling's word for where it is between launch and end: InService, Pending:Wait …"""
    launched: datetime
    """When EC2 started it."""
    image: str
    """The AMI that it was started from."""
    template: str
    """The version of the launch template that it was started by."""
    agent: str
    """The version of CodeDeploy's agent that it was made with, as its launch template's user data names
    it; empty where that cannot be read."""
    stale: bool
    """Whether the next host would be started by another version of the launch template."""


class HostList(Document):
    """What ``slipway hosts list --json`` prints."""

    environment: str
    """The environment."""
    template: str
    """The version of the launch template that the next host is started by."""
    hosts: tuple[ListedHost, ...]
    """Its hosts, the oldest first."""
    suspended: tuple[str, ...]
    """Processes of Auto Scaling that are suspended now."""
    suspended_by_releases: tuple[str, ...]
    """Processes of Auto Scaling that CodeDeploy suspends while it deploys to the environment."""
    refresh: str
    """The id of the instance refresh that is under way; empty if there is none."""


class HostRenewal(Document):
    """What ``slipway hosts renew --json`` prints."""

    environment: str
    """The environment."""
    refresh: str
    """The id of the instance refresh; empty where hosts were replaced one by one."""
    replaced: tuple[str, ...]
    """The ids of the hosts that were replaced."""
