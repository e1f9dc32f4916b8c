"""A connection to the host of a repository: GitHub, GitLab, Bitbucket."""

from constructs_lib.policy import Statement
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.codestarconnections_connection import CodestarconnectionsConnection
from constructs import Construct


class NamedConnection:
    """A connection that exists already, known by its ARN.

    Its ARN may begin ``codeconnections`` or ``codestar-connections``: the service was renamed,
    and the older connections were not (docs.aws.amazon.com/dtconsole/latest/userguide/rename.html).
    """

    def __init__(self, arn: str) -> None:
        self.arn = arn

    def grant_use(self, role: Role) -> None:
        """Let a role fetch from repositories through the connection; both names, on the one ARN."""
        role.allow(
            "use-connection",
            Statement(
                actions=["codeconnections:UseConnection", "codestar-connections:UseConnection"],
                resources=[self.arn],
            ),
        )


class Connection(Construct, NamedConnection):
    """A connection, pending until a person completes the handshake in the console.

    name: 1 to 32 characters.
    provider: GitHub, GitLab, Bitbucket or GitHubEnterpriseServer.

    >>> connection = Connection(stack, "connection", name="my-app", provider="GitHub")
    """

    def __init__(self, scope: Construct, id: str, *, name: str, provider: str) -> None:
        Construct.__init__(self, scope, id)
        self.resource = CodestarconnectionsConnection(self, "connection", name=name, provider_type=provider)
        NamedConnection.__init__(self, self.resource.arn)
