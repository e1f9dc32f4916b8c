"""What a plan to destroy would take, read from Terraform's JSON."""

import json
from pathlib import Path

from slipway.terraform.destroy.destroy_plan import Doomed, Resource, read
from slipway.terraform.stacks.manifest import Stack

RECORDED = Path(__file__).parents[1] / "recorded" / "plan_destroy.json"
STACK = Stack("my-app-prod", Path("out"), ())


def test_every_resource_that_goes_is_found_with_what_it_is() -> None:
    doomed = read(STACK, json.loads(RECORDED.read_text()))
    assert [(each.type, each.address) for each in doomed.resources] == [
        ("terraform_data", "terraform_data.first"),
        ("terraform_data", "terraform_data.second"),
    ]
    assert doomed.resources[0].text("input") == "x"


def test_what_only_is_read_does_not_go() -> None:
    plan = {
        "resource_changes": [{"type": "aws_x", "address": "data.aws_x.y", "change": {"actions": ["read"]}}]
    }
    assert read(STACK, plan).resources == ()


def test_a_stack_that_was_never_applied_has_nothing_to_lose() -> None:
    assert read(STACK, {"format_version": "1.2"}).resources == ()


def test_buckets_and_repositories_are_known_by_name() -> None:
    doomed = Doomed(
        STACK,
        (
            Resource("aws_s3_bucket", "aws_s3_bucket.a", {"bucket": "logs"}),
            Resource("aws_s3_bucket_policy", "aws_s3_bucket_policy.a", {"bucket": "logs"}),
            Resource("aws_s3_bucket", "aws_s3_bucket.unknown", {}),
            Resource("aws_ecr_repository", "aws_ecr_repository.a", {"name": "my-app"}),
        ),
    )
    assert doomed.buckets == ["logs"]
    assert doomed.repositories == ["my-app"]
