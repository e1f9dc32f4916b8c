"""A CodeConnections connection to the provider of a repository: GitHub, GitLab or Bitbucket."""

from constructs_lib.policy import Statement
from constructs_lib.role import Role

from cdktf import Postcondition, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.codestarconnections_connection import CodestarconnectionsConnection
from cdktf_cdktf_provider_aws.data_aws_codestarconnections_connection import (
    DataAwsCodestarconnectionsConnection,
)
from constructs import Construct


class NamedConnection:
    """An existing connection, known by its ARN.

    arn: in any region. Its service is ``codeconnections`` or, for a connection that was created before AWS
        renamed the service, ``codestar-connections``
        (docs.aws.amazon.com/dtconsole/latest/userguide/rename.html).
    """

    def __init__(self, arn: str) -> None:
        self.arn = arn

    def grant_use(self, role: Role) -> None:
        """Let a ``role`` fetch from repositories through the connection, under both names of the service."""
        role.allow(
            "use-connection",
            Statement(
                actions=["codeconnections:UseConnection", "codestar-connections:UseConnection"],
                resources=[self.arn],
            ),
        )


class FoundConnection(Construct, NamedConnection):
    """A connection that another stack manages: a plan reads it and fails unless it is AVAILABLE.

    A pipeline that is created while its connection is PENDING may never be started by a push
    (github.com/pulumi/pulumi-aws/issues/2167,
    github.com/aws-ia/terraform-aws-control_tower_account_factory/issues/589).

    name: the connection's name, unique in its account. Default: none; ``arn`` is then required.
    arn: its ARN, in any region: connections can be read from every region. Default: none
        (docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections-how-it-works-global.html).
    remedy: what to do if it is not AVAILABLE; appended to the error message of the plan.

    Raises ValueError unless exactly one of ``name`` and ``arn`` is given.

    >>> found = FoundConnection(stack, "connection", name="my-app", remedy="Complete it in the console.")
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str | None = None, arn: str | None = None, remedy: str
    ) -> None:
        if (name is None) == (arn is None):
            raise ValueError("a connection is found by its name or by its ARN; give exactly one of them")
        Construct.__init__(self, scope, id)
        available = Postcondition(
            condition='${self.connection_status == "AVAILABLE"}',
            error_message=f"The connection {name or arn} is ${{self.connection_status}}. {remedy}",
        )
        self.data = DataAwsCodestarconnectionsConnection(
            self,
            "connection",
            name=name,
            arn=arn,
            lifecycle=TerraformResourceLifecycle(postcondition=[available]),
        )
        NamedConnection.__init__(self, arn or self.data.arn)


class Connection(Construct, NamedConnection):
    """A new connection; it is PENDING until a person completes the handshake in the console.

    name: 1 to 32 characters.
    provider: GitHub, GitLab, Bitbucket or GitHubEnterpriseServer.

    >>> connection = Connection(stack, "connection", name="my-app", provider="GitHub")
    """

    def __init__(self, scope: Construct, id: str, *, name: str, provider: str) -> None:
        Construct.__init__(self, scope, id)
        self.resource = CodestarconnectionsConnection(self, "connection", name=name, provider_type=provider)
        NamedConnection.__init__(self, self.resource.arn)
