"""What ``slipway hosts`` prints with --json."""

from datetime import datetime

from slipway.console.documents import Document


class ListedHost(Document):
    """One EC2 instance of the environment's Auto Scaling group."""

    id: str
    """The instance's id."""
    zone: str
    """The host's availability zone."""
    lifecycle: str
    """Auto Scaling's lifecycle state: InService, Pending:Wait …"""
    launched: datetime
    """When EC2 started it."""
    image: str
    """The id of the AMI that it was started from."""
    template: str
    """The version of the launch template that it was started from."""
    agent: str
    """The version of the CodeDeploy agent that it was started with, according to its launch template's user
    data; empty if that cannot be read."""
    stale: bool
    """Whether the next host starts from another version of the launch template."""


class HostList(Document):
    """What ``slipway hosts list --json`` prints."""

    environment: str
    """The environment's name."""
    template: str
    """The version of the launch template that the next host starts from."""
    hosts: tuple[ListedHost, ...]
    """The environment's hosts, oldest first."""
    suspended: tuple[str, ...]
    """Auto Scaling processes that are suspended now."""
    suspended_by_releases: tuple[str, ...]
    """Auto Scaling processes that CodeDeploy suspends while it deploys to the environment."""
    refresh: str
    """The id of the instance refresh in progress; empty if there is none."""


class HostRenewal(Document):
    """What ``slipway hosts renew --json`` prints."""

    environment: str
    """The environment's name."""
    refresh: str
    """The id of the instance refresh; empty if hosts were replaced one by one."""
    replaced: tuple[str, ...]
    """The ids of the hosts that were replaced."""
