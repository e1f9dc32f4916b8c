"""The log groups of an environment: what the service, the agents, deployments and the network say."""

from constructs_lib.key import Key
from constructs_lib.log_group import LogGroup
from constructs_lib.role import Role

from constructs import Construct

from modules.config.names import EnvironmentNames


class Logs(Construct):
    """The groups, made before anything writes to them; all with the environment's key.

    ``app``: what containers print. ``agent``: the CodeDeploy agent and the host's first start.
    ``deployments``: what deployments' scripts print. ``flow_logs``: the network's connections.
    ``sessions``: what is typed and shown in sessions on hosts.
    ``run``: what commands print that are run beside the service, where ``runs`` says that there are any.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: EnvironmentNames,
        key: Key,
        retention_days: int,
        runs: bool = False,
    ) -> None:
        super().__init__(scope, id)

        def group(what: str) -> LogGroup:
            return LogGroup(self, what, name=names.log_group(what), key=key, retention_days=retention_days)

        self.app = group("app")
        self.agent = group("agent")
        self.deployments = group("deployments")
        self.flow_logs = group("flow-logs")
        self.sessions = group("sessions")
        if runs:
            self.run = group("run")

    def grant_write(self, role: Role) -> None:
        """Let hosts write what they and their containers have to say."""
        self.app.grant_write(role, "write-app-log")
        self.agent.grant_write(role, "write-agent-log", finds_streams=True)
        self.deployments.grant_write(role, "write-deployment-log", finds_streams=True)
