"""What a plan to destroy would take, read from Terraform's JSON."""

import json
from pathlib import Path

import pytest

from plan_review.errors import ExplainedError
from slipway.terraform.destroy.destroy_plan import DestroyPlan, Resource, read
from slipway.terraform.stacks.manifest import SynthesisedStack

RECORDED = Path(__file__).parents[1] / "recorded" / "plan_destroy.json"
EMPTY = {"format_version": "1.2", "planned_values": {"root_module": {}}}
STACK = SynthesisedStack("my-app-prod", Path("out"), ())


def test_every_resource_that_goes_is_found_with_what_it_is() -> None:
    plan = read(STACK, RECORDED.read_text())
    assert [(resource.type, resource.address) for resource in plan.resources] == [
        ("terraform_data", "terraform_data.first"),
        ("terraform_data", "terraform_data.second"),
    ]
    assert plan.resources[0].text("input") == "x"


def test_what_only_is_read_does_not_go() -> None:
    data = {"type": "aws_x", "address": "data.aws_x.y", "change": {"actions": ["read"]}}
    plan = {**EMPTY, "resource_changes": [data]}
    assert read(STACK, json.dumps(plan)).resources == ()


def test_a_stack_that_was_never_applied_has_nothing_to_lose() -> None:
    assert read(STACK, json.dumps(EMPTY)).resources == ()


def test_what_holds_a_secret_or_looks_like_one_is_read_as_it_is() -> None:
    plan = json.loads(RECORDED.read_text())
    bucket = {"bucket": "AKIA" + "IOSFODNN7EXAMPLE", "acl": "x"}
    plan["resource_changes"][0]["type"] = "aws_s3_bucket"
    plan["resource_changes"][0]["change"] |= {"before": bucket, "before_sensitive": {"bucket": True}}
    assert read(STACK, json.dumps(plan)).buckets == [bucket["bucket"]]


def test_a_plan_that_lacks_what_would_go_is_refused() -> None:
    plan = json.loads(RECORDED.read_text())
    plan["resource_changes"] = []
    with pytest.raises(ExplainedError, match="cannot read the plan to destroy my-app-prod"):
        read(STACK, json.dumps(plan))


def test_buckets_and_repositories_are_known_by_name() -> None:
    plan = DestroyPlan(
        STACK,
        (
            Resource("aws_s3_bucket", "aws_s3_bucket.a", {"bucket": "logs"}),
            Resource("aws_s3_bucket_policy", "aws_s3_bucket_policy.a", {"bucket": "logs"}),
            Resource("aws_s3_bucket", "aws_s3_bucket.unknown", {}),
            Resource("aws_ecr_repository", "aws_ecr_repository.a", {"name": "my-app"}),
        ),
    )
    assert plan.buckets == ["logs"]
    assert plan.repositories == ["my-app"]
