"""ECR Public (public.ecr.aws): who logs in there may pull ten images a second, who does not, one."""

from constructs_lib.policy import Statement
from constructs_lib.role import Role

# docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetAuthorizationToken.html; the CDK grants
# the same two, without conditions (aws/aws-cdk packages/aws-cdk-lib/aws-ecr/lib/auth-token.ts).
LOGIN = Statement(
    sid="LoginToPublic",
    actions=["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"],
    resources=["*"],
    reason="neither action knows a resource: the token is for pulling what everybody may pull",
)


def grant_public_login(role: Role) -> None:
    """Let a role log in to ECR Public, which gives it nothing but a higher rate."""
    role.allow("log-in-to-ecr-public", LOGIN)
