"""What most tests need: somebody to grant to, what stands around, and what was granted in the end."""

from typing import Any, Literal

from constructs_lib.alarm import Explanation, Metric
from constructs_lib.build_project import BuildProject
from constructs_lib.key import Key, NamedKey
from constructs_lib.log_group import LogGroup
from constructs_lib.policy import assumed_by
from constructs_lib.role import Role
from constructs_lib.testing import resource, statements
from constructs_lib.topic import NamedTopic

from constructs import Construct

from tests.constructs_lib.building import ACCOUNT, REGION

TOPIC_ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
SHARED_KEY = NamedKey(alias="alias/shared", account=ACCOUNT, region=REGION)
ALERTS = NamedTopic(name="alerts", account=ACCOUNT, region=REGION, key=SHARED_KEY)

EXPLANATION = Explanation(
    symptom="The load balancer returns 5xx errors.",
    consequence="Visitors see errors.",
    first_check="the targets' health.",
    runbook="docs/runbooks/alb-5xx.md",
)


def key(scope: Construct) -> Key:
    return Key(scope, "key", description="Tests.", alias="alias/tests")


def role(scope: Construct) -> Role:
    return Role(scope, "worker", name="worker", description="Works.", trust=assumed_by("ec2.amazonaws.com"))


def metric(statistic: str = "Sum") -> Metric:
    return Metric(
        namespace="AWS/ApplicationELB",
        name="TargetResponseTime",
        statistic=statistic,
        period_seconds=300,
        dimensions={"LoadBalancer": "app/web/1"},
    )


def granted(synthesised: str, purpose: str) -> list[dict[str, Any]]:
    """The statements of the only grant with this purpose, in IAM's shape."""
    return statements(resource(synthesised, "aws_iam_role_policy", purpose))


def trust(synthesised: str, id: str | None = None) -> dict[str, Any]:
    """The one statement that says who may assume a role."""
    (only,) = statements(resource(synthesised, "aws_iam_role", id), "assume_role_policy")
    return only


def build_project(scope: Construct, architecture: Literal["x86_64", "arm64"] = "x86_64") -> BuildProject:
    return BuildProject(
        scope,
        "build",
        name="my-app-build",
        role_name="my-app-build",
        architecture=architecture,
        encryption_key_arn=SHARED_KEY.reference,
        log_group=LogGroup(scope, "log", name="/my-app/delivery/build", key=key(scope)),
        variables={"SERVICE": "my-app", "ARCHITECTURE": architecture},
    )
