"""OpenTofu's plans: its formats are those of Terraform 1.6, its providers come from its own registry.

What OpenTofu's `jsonplan` (internal/command/jsonplan/plan.go in opentofu/opentofu) does not write: applyable
and complete, which came with Terraform 1.8, deferred changes, and actions.
"""

import json
from typing import Any

import pytest

from plan_review.errors import ExplainedError
from plan_review.plan_reader import read
from plan_review.render import html, markdown
from plan_review.render import json as document
from plan_review.review import Review, review
from plan_review.settings import ReviewSettings
from tests.plan_review.committed import READABLE, in_format, text
from tests.plan_review.test_acknowledge import TODAY

NOT_WRITTEN = ("applyable", "complete", "deferred_changes", "action_invocations")


def by_opentofu(name: str, version: str = "1.2") -> str:
    """A committed plan as OpenTofu would have written it."""
    content: dict[str, Any] = json.loads(in_format(text(name), version) if version != "1.2" else text(name))
    content["terraform_version"] = "1.8.5"
    for key in NOT_WRITTEN:
        content.pop(key, None)
    return json.dumps(content).replace("registry.terraform.io/", "registry.opentofu.org/")


def reviewed(content: str) -> Review:
    return review([read(content, stack="s")], ReviewSettings(), TODAY)


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
@pytest.mark.parametrize("name", READABLE)
def test_its_plans_count_and_mean_the_same_as_terraforms(name: str, version: str) -> None:
    theirs = text(name) if version == "1.2" else in_format(text(name), version)
    found, terraforms = reviewed(by_opentofu(name, version)), reviewed(theirs)
    assert found.counts == terraforms.counts
    assert found.permissions == terraforms.permissions
    assert findings(found) == findings(terraforms)


def findings(of: Review) -> list[tuple[str, str]]:
    """What is found, but that a plan is not whole: OpenTofu does not say so."""
    return [(finding.rule, finding.what) for finding in of.findings if finding.rule != "plan.incomplete"]


def test_it_is_said_that_opentofu_planned_it() -> None:
    found = reviewed(by_opentofu("aws-update"))
    assert "planned by OpenTofu 1.8.5" in markdown.render(found, budget=65_536, whole="")
    assert "planned by OpenTofu 1.8.5" in html.render(found)
    assert json.loads(document.render(found))["stacks"][0]["changes"][0]["provider"].startswith(
        "registry.opentofu.org/"
    )
    assert "planned by Terraform 1.11.4" in markdown.render(
        reviewed(text("aws-update")), budget=65_536, whole=""
    )


def test_no_secret_of_its_plans_is_shown() -> None:
    theirs = json.loads(document.render(reviewed(text("aws-secrets"))))
    ours = json.loads(document.render(reviewed(by_opentofu("aws-secrets"))))
    assert [change["differences"] for change in ours["stacks"][0]["changes"]] == [
        change["differences"] for change in theirs["stacks"][0]["changes"]
    ]


@pytest.mark.parametrize(
    "content",
    [
        {
            "meta": {"key_provider.pbkdf2.k": "eyJzYWx0IjoiIn0="},
            "encrypted_data": "eA==",
            "encryption_version": "v0",
        },
        {"serial": 3, "lineage": "l", "meta": {}, "encrypted_data": "eA==", "encryption_version": "v0"},
    ],
    ids=["plan", "state"],
)
def test_what_it_encrypted_is_refused_with_the_command_that_shows_it(content: dict[str, Any]) -> None:
    """As `basedata` in internal/encryption/base.go of opentofu/opentofu is written."""
    with pytest.raises(ExplainedError) as caught:
        read(json.dumps(content), stack="s")
    assert caught.value.why == "it is a plan or state encrypted by OpenTofu"
    assert "tofu show -json" in caught.value.then
