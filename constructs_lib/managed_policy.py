"""An IAM policy of our own that is attached to people: to a group, a role or a permission set of theirs."""

import json

from constructs_lib.policy import Statement, document

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from constructs import Construct

LIMIT = 6_144
"""docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: characters, white space not counted."""


class ManagedPolicy(Construct):
    """A customer managed policy. Roles of the pipeline itself have theirs inline: see ``Role``.

    name: at most 128 characters.
    description: what it is for, as the console shows it; AWS never lets it be changed, so a new
        one replaces the policy.
    statements: what it allows.

    Raises ValueError if the statements are longer than AWS takes.

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
        size = len(json.dumps(json.loads(policy), separators=(",", ":")))
        if size > LIMIT:
            raise ValueError(f"a managed policy has at most {LIMIT} characters, received {size} for {name}")
        self.resource = IamPolicy(self, "policy", name=name, description=description, policy=policy)
        self.arn = self.resource.arn
