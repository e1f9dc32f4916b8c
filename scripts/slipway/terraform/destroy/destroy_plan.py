"""The resources that a plan to destroy a stack would destroy, read from the plan's JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from plan_review.plan_json import RawChange, read_changes
from slipway.terraform.stacks.manifest import SynthesisedStack

BUCKET = "aws_s3_bucket"
REPOSITORY = "aws_ecr_repository"
LOAD_BALANCER = "aws_lb"
LOG_GROUP = "aws_cloudwatch_log_group"
KEY = "aws_kms_key"


@dataclass(frozen=True)
class Resource:
    """A resource that would be destroyed. address: in Terraform. values: its current attributes."""

    type: str
    address: str
    values: Mapping[str, object]

    def text(self, attribute: str) -> str:
        """An attribute as text; empty if it is not set."""
        return str(self.values.get(attribute) or "")


@dataclass(frozen=True)
class DestroyPlan:
    """A stack, and its resources that would be destroyed."""

    stack: SynthesisedStack
    resources: tuple[Resource, ...]

    def names(self, kind: str, attribute: str) -> list[str]:
        """An attribute's values for all resources of a type, without empty ones."""
        values = (resource.text(attribute) for resource in self.resources if resource.type == kind)
        return [value for value in values if value]

    @property
    def buckets(self) -> list[str]:
        """The names of the S3 buckets that would be destroyed."""
        return self.names(BUCKET, "bucket")

    @property
    def repositories(self) -> list[str]:
        """The names of the ECR repositories that would be destroyed."""
        return self.names(REPOSITORY, "name")


def read(stack: SynthesisedStack, text: str) -> DestroyPlan:
    """Read what a plan would destroy. text: the plan's JSON. Raises ExplainedError if it is invalid."""
    changes = read_changes(text, f"the plan to destroy {stack.name}")
    return DestroyPlan(stack, tuple(_resource(change) for change in changes if change.action.destroys))


def _resource(change: RawChange) -> Resource:
    before = change.change.get("before")
    return Resource(change.type, change.address, before if isinstance(before, dict) else {})
