"""An IAM role that can do nothing until something is granted to it."""

from constructs_lib.policy import Statement, document

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

BOUNDARY = "slipway:permissions-boundary"
"""The context key under which a stack names the policy that bounds every role in it."""


class Role(Construct):
    """An IAM role, bounded by the permissions boundary of its stack if that has one.

    name: the role's name; at most 64 characters.
    description: what the role is for, as the console shows it.
    trust: who may assume it; see ``policy.assumed_by``.
    max_session_hours: how long a session lasts at most, in hours, 1 to 12. Default: 1.

    What it may do comes from ``grant_*`` methods of other constructs, or from ``allow``. Each
    grant is an inline policy named after its purpose, so that a plan shows purpose by purpose
    what a role gains or loses.

    >>> from constructs_lib.policy import Statement, assumed_by
    >>> role = Role(stack, "worker", name="worker", description="Reads the queue.",
    ...     trust=assumed_by("ec2.amazonaws.com"))
    >>> role.allow("receive-messages", Statement(actions=["sqs:ReceiveMessage"],
    ...     resources=["arn:aws:sqs:eu-central-1:123456789012:jobs"]))
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        description: str,
        trust: Statement,
        max_session_hours: int = 1,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        self.grants: list[TerraformResource] = []
        """Every policy so far: for ``depends_on`` of what must not start before it may."""
        self.resource = IamRole(
            self,
            "role",
            name=name,
            description=description,
            assume_role_policy=document(trust),
            max_session_duration=max_session_hours * 3600,
            permissions_boundary=self.node.try_get_context(BOUNDARY),
        )
        self.arn = self.resource.arn
        self._reference = self.resource.name  # once: each question is a message to Node

    def allow(self, purpose: str, *statements: Statement) -> None:
        """Grant what the statements say, as an inline policy named after the purpose.

        purpose: letters, digits and hyphens, once a role; it is part of the construct's path.
        """
        grant = IamRolePolicy(self, purpose, name=purpose, role=self._reference, policy=document(*statements))
        self.grants.append(grant)

    def attach(self, purpose: str, policy_arn: str) -> None:
        """Grant what a managed policy says.

        purpose: letters, digits and hyphens, once a role; it is part of the construct's path.
        policy_arn: the policy's ARN, of this account or of AWS.
        """
        attached = IamRolePolicyAttachment(self, purpose, role=self._reference, policy_arn=policy_arn)
        self.grants.append(attached)
