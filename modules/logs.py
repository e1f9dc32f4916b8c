"""The log groups of an environment: of the service, the agents, deployments, the network and sessions."""

from constructs_lib.key import KnownKey
from constructs_lib.log_group import LogGroup
from constructs_lib.role import Role

from constructs import Construct

from modules.config.names import EnvironmentNames


class Logs(Construct):
    """The log groups, created before anything writes to them, all encrypted with the environment's key.

    ``app``: the output of containers. ``agent``: the CodeDeploy agent and the hosts' first boot.
    ``deployments``: the output of deployment scripts. ``flow_logs``: the network's connections,
    unless ``flow_logs`` is false. ``sessions``: input and output of sessions on hosts. ``run``: the
    output of commands beside the service, only if ``runs`` is true.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: EnvironmentNames,
        key: KnownKey,
        retention_days: int,
        runs: bool = False,
        flow_logs: bool = True,
    ) -> None:
        super().__init__(scope, id)

        def group(what: str) -> LogGroup:
            return LogGroup(self, what, name=names.log_group(what), key=key, retention_days=retention_days)

        self.app = group("app")
        self.agent = group("agent")
        self.deployments = group("deployments")
        if flow_logs:
            self.flow_logs = group("flow-logs")
        self.sessions = group("sessions")
        if runs:
            self.run = group("run")

    def grant_write(self, role: Role) -> None:
        """Let hosts, by their ``role``, write to the groups ``app``, ``agent`` and ``deployments``."""
        self.app.grant_write(role, "write-app-log")
        self.agent.grant_write(role, "write-agent-log", finds_streams=True)
        self.deployments.grant_write(role, "write-deployment-log", finds_streams=True)
