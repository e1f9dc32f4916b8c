"""Login to ECR Public (public.ecr.aws), which raises the rate of pulls from 1 to 10 per second."""

from constructs_lib.policy import Statement
from constructs_lib.role import Role

# docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetAuthorizationToken.html; the CDK grants
# the same two, without conditions (aws/aws-cdk packages/aws-cdk-lib/aws-ecr/lib/auth-token.ts).
LOGIN = Statement(
    sid="LoginToPublic",
    actions=["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"],
    resources=["*"],
    reason="neither action supports resource-level permissions; the token only pulls public images",
)


def grant_public_login(role: Role) -> None:
    """Let a ``role`` log in to ECR Public; this only raises the rate of its pulls."""
    role.allow("log-in-to-ecr-public", LOGIN)
