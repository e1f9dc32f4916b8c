"""What hosts reach in a network that is created with ``endpoints``, and what they may call there."""

from constructs_lib.arn import arn
from constructs_lib.endpoints import NoNat
from constructs_lib.policy import Statement

from modules.config.endpoints import SERVICES
from modules.config.names import Names

POLL_DEPLOYMENTS = Statement(
    actions=[
        "codedeploy-commands-secure:GetDeploymentSpecification",
        "codedeploy-commands-secure:PollHostCommand",
        "codedeploy-commands-secure:PutHostCommandAcknowledgement",
        "codedeploy-commands-secure:PutHostCommandComplete",
    ],
    resources=["*"],
    reason="no resource-level permissions",
)
"""What CodeDeploy's agent calls by way of an endpoint
(docs.aws.amazon.com/codedeploy/latest/userguide/vpc-endpoints.html)."""


def no_nat(names: Names) -> NoNat:
    """Return what hosts reach, for ``Network``."""
    return NoNat(services=tuple(SERVICES), buckets=(_of_aws(names.region), _revisions(names)))


def _of_aws(region: str) -> Statement:
    """Buckets of AWS: the host's packages, CodeDeploy's agent, and the layers of images.

    github.com/aws-samples/data-perimeter-policy-examples, service_owned_resources.md, has all three; the
    last is in docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html too.
    """
    buckets = (
        f"al2023-repos-{region}-de612dc2",
        f"aws-codedeploy-{region}",
        f"prod-{region}-starport-layer-bucket",
    )
    return Statement(
        principals="*",
        actions=["s3:GetObject"],
        resources=[arn("s3", f"{bucket}/*") for bucket in buckets],
        reason="packages are fetched without a signature, layers with one of ECR's",
    )


def _revisions(names: Names) -> Statement:
    """Revisions, for roles of the account."""
    return Statement(
        principals="*",
        actions=["s3:GetObject", "s3:GetObjectVersion"],
        resources=[arn("s3", f"{names.artifact_bucket}/*")],
        conditions={"StringEquals": {"aws:PrincipalAccount": names.account}},
    )
