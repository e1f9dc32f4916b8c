"""Lists what would be lost: the number of resources, and the data that cannot be restored."""

from collections.abc import Sequence

from plan_review.counts import counted
from slipway.aws.clients import Aws
from slipway.terraform.destroy import emptying
from slipway.terraform.destroy.destroy_plan import KEY, LOG_GROUP, DestroyPlan


def losses(aws: Aws, plans: Sequence[DestroyPlan]) -> list[str]:
    """A line for each stack, and below it a line for each resource that contains data."""
    lines: list[str] = []
    for plan in plans:
        count = len(plan.resources)
        lines.append(f"{plan.stack.name}: {count} resources" if count else f"{plan.stack.name}: no resources")
        lines += [f"  {line}" for line in _data(aws, plan)]
    return lines


def _data(aws: Aws, plan: DestroyPlan) -> list[str]:
    logs, keys = plan.names(LOG_GROUP, "name"), plan.names(KEY, "arn")
    return [
        *(f"bucket {name}: {_objects(aws, name)}" for name in plan.buckets),
        *(f"repository {name}: {_images(aws, name)}" for name in plan.repositories),
        *(f"log group {name} with all its logs" for name in logs),
        *(f"key {arn}: data that it encrypted becomes unreadable (after 30 days)" for arn in keys),
    ]


def _objects(aws: Aws, bucket: str) -> str:
    """The number of a bucket's versions, or "1000 objects or more"."""
    return _at_least(len(emptying.versions(aws.s3, bucket)), emptying.OBJECTS, "object")


def _images(aws: Aws, repository: str) -> str:
    return _at_least(len(emptying.images(aws.ecr, repository)), emptying.IMAGES, "image")


def _at_least(count: int, most: int, what: str) -> str:
    if count >= most:
        return f"{most} {what}s or more"
    return counted(count, what)
