"""What a plan to destroy a stack would take: read from Terraform's own JSON of the plan. Pure."""

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
    """A resource that would go: its type, its address in Terraform, its attributes as they are."""

    type: str
    address: str
    values: Mapping[str, object]

    def text(self, attribute: str) -> str:
        """An attribute as text; empty if it is not known."""
        return str(self.values.get(attribute) or "")


@dataclass(frozen=True)
class DestroyPlan:
    """A stack, and every resource of it that would be destroyed."""

    stack: SynthesisedStack
    resources: tuple[Resource, ...]

    def names(self, kind: str, attribute: str) -> list[str]:
        """One attribute of every resource of a type, where it is known."""
        values = (resource.text(attribute) for resource in self.resources if resource.type == kind)
        return [value for value in values if value]

    @property
    def buckets(self) -> list[str]:
        """The names of its buckets."""
        return self.names(BUCKET, "bucket")

    @property
    def repositories(self) -> list[str]:
        """The names of its image repositories."""
        return self.names(REPOSITORY, "name")


def read(stack: SynthesisedStack, text: str) -> DestroyPlan:
    """What the plan would destroy. Raises ExplainedError if it cannot be read."""
    changes = read_changes(text, f"the plan to destroy {stack.name}")
    return DestroyPlan(stack, tuple(_resource(change) for change in changes if change.action.destroys))


def _resource(change: RawChange) -> Resource:
    before = change.change.get("before")
    return Resource(change.type, change.address, before if isinstance(before, dict) else {})
