"""An IAM role without permissions, until something is granted to it."""

from constructs_lib.policy import PolicyTooLongError, Statement, document, size

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

LIMIT = 10_240
"""The characters of all inline policies of a role together, white space not counted.

docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

BOUNDARY = "slipway:permissions-boundary"
"""The context key with which a stack sets the permissions boundary of every role in it (a policy ARN)."""


class Role(Construct):
    """An IAM role, with the permissions boundary of its stack if the stack has one.

    name: the role's name; at most 64 characters.
    description: what the role is for, as the console shows it.
    trust: who may assume it; see ``policy.assumed_by``.
    max_session_hours: the maximum duration of a session, in hours, 1 to 12. Default: 1.

    Its permissions come from ``grant_*`` methods of other constructs, or from ``allow``. Every grant is
    an inline policy named after its purpose, so a plan shows per purpose what a role gains or loses.

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
        """All policies so far, for the ``depends_on`` of resources that need the permissions at creation."""
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
        self._length = 0
        self._reference = self.resource.name  # read once: every access is a call to the Node process

    def allow(self, purpose: str, *statements: Statement) -> None:
        """Add an inline policy with these ``statements``, named after the purpose.

        purpose: letters, digits and hyphens, unique in the role; it is part of the construct's path.

        Raises PolicyTooLongError if the role's inline policies together are longer than the 10,240
        characters that IAM allows.
        """
        policy = document(*statements)
        self._length += size(policy)
        if self._length > LIMIT:
            raise PolicyTooLongError(f"the inline policies of the role {self.name}", self._length, LIMIT)
        grant = IamRolePolicy(self, purpose, name=purpose, role=self._reference, policy=policy)
        self.grants.append(grant)

    def attach(self, purpose: str, policy_arn: str) -> None:
        """Attach a managed policy.

        purpose: letters, digits and hyphens, unique in the role; it is part of the construct's path.
        policy_arn: the ARN of a policy of this account or of AWS.
        """
        attached = IamRolePolicyAttachment(self, purpose, role=self._reference, policy_arn=policy_arn)
        self.grants.append(attached)
