"""A customer managed IAM policy for people, to attach to a group, a role or a permission set."""

from constructs_lib.policy import PolicyTooLongError, Statement, document, size

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from constructs import Construct

LIMIT = 6_144
"""docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: characters, white space not counted."""


class ManagedPolicy(Construct):
    """A customer managed policy. The pipeline's own roles have inline policies instead: see ``Role``.

    name: at most 128 characters.
    description: what it is for, as the console shows it. AWS does not allow changing it, so a new
        description replaces the policy.
    statements: what the policy allows.

    Raises PolicyTooLongError if the policy is longer than the 6,144 characters that IAM allows.

    >>> from constructs_lib.policy import Statement
    >>> reader = ManagedPolicy(stack, "reader", name="my-app-reader", description="Reads the queue.",
    ...     statements=[Statement(actions=["sqs:ReceiveMessage"],
    ...         resources=["arn:aws:sqs:eu-central-1:123456789012:jobs"])])
    """

    def __init__(
        self, scope: Construct, id: str, *, name: str, description: str, statements: list[Statement]
    ) -> None:
        super().__init__(scope, id)
        policy = document(*statements)
        if (length := size(policy)) > LIMIT:
            raise PolicyTooLongError(f"the policy {name}", length, LIMIT)
        self.resource = IamPolicy(self, "policy", name=name, description=description, policy=policy)
        self.arn = self.resource.arn
