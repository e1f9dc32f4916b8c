"""`slipway review`, as it is typed: what it takes, where it writes, and how it ends."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.slipway.commands import Answer, slipway

NOTHING, FAILED, CHANGES, BLOCKED = 0, 1, 2, 3

GROUP = {"name": "log", "retention_in_days": 30}
SHORTER = {"name": "log", "retention_in_days": 7}


def plan(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, kind: str = "aws_cloudwatch_log_group"
) -> str:
    """A plan of one resource, as Terraform shows it."""
    actions = ["create"] if before is None else ["delete"] if after is None else ["update"]
    actions = ["no-op"] if before == after else actions
    change = {
        "actions": actions,
        "before": before,
        "after": after,
        "after_unknown": {},
        "before_sensitive": {},
        "after_sensitive": {},
    }
    resource = {
        "address": f"{kind}.log",
        "mode": "managed",
        "type": kind,
        "name": "log",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": change,
    }
    return json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1.11.4",
            "planned_values": {"root_module": {}},
            "resource_changes": [resource],
            "configuration": {"root_module": {}},
            "complete": True,
            "errored": False,
        }
    )


def review(directory: Path, *arguments: str, given: str = "") -> Answer:
    return slipway("review", *arguments, stdin=given, directory=directory, variables={"COLUMNS": "100"})


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A directory with a plan that changes something."""
    (tmp_path / "app.json").write_text(plan(GROUP, SHORTER))
    return tmp_path


def test_a_plan_on_standard_input_becomes_markdown_on_standard_output(tmp_path: Path) -> None:
    done = review(tmp_path, "-", given=plan(GROUP, SHORTER))
    assert done.code == CHANGES, done.words
    assert done.data.startswith("<!-- slipway review -->\n## 🟡 ")
    assert "+     retention_in_days = 7" in done.data


def test_a_plan_that_changes_nothing_is_exit_code_0(tmp_path: Path) -> None:
    done = review(tmp_path, "-", given=plan(GROUP, GROUP))
    assert done.code == NOTHING, done.words
    assert "## 🟢 " in done.data


def test_what_blocks_is_exit_code_3_until_it_is_acknowledged(tmp_path: Path) -> None:
    repository = {"name": "images"}
    lost = plan(repository, None, "aws_ecr_repository")
    blocked = review(tmp_path, "-", "--format", "json", given=lost)
    assert blocked.code == BLOCKED, blocked.words
    rules = {finding["rule"] for finding in json.loads(blocked.data)["findings"] if finding["blocks"]}
    entries = [
        f'[[acknowledge]]\nrule = "{rule}"\naddress = "aws_ecr_repository.log"\n'
        'reason = "it moved to another account"\nexpires = 2099-01-31\n'
        for rule in rules
    ]
    (tmp_path / "review.toml").write_text("\n".join(entries))
    known = review(tmp_path, "-", given=lost)
    assert known.code == CHANGES, known.words
    assert "it moved to another account" in known.data


def test_formats_are_written_into_a_directory_and_words_go_to_standard_error(changed: Path) -> None:
    formats = ("--format", "md", "--format", "html", "--format", "json")
    done = review(changed, "app.json", *formats, "--out", "there")
    assert done.code == CHANGES, done.words
    assert done.data == ""
    assert sorted(file.name for file in (changed / "there").iterdir()) == [
        "review.html",
        "review.json",
        "review.md",
    ]
    assert "wrote there/review.html" in done.words


def test_several_plans_make_one_review_named_after_their_files(changed: Path) -> None:
    (changed / "network.json").write_text(plan(None, SHORTER))
    done = review(changed, "app.json", "network.json", "--format", "json")
    assert [stack["name"] for stack in json.loads(done.data)["stacks"]] == ["app", "network"]


def test_constructs_are_named_where_the_synthesised_stack_is_known(changed: Path) -> None:
    stack = changed / "out" / "stacks" / "app"
    stack.mkdir(parents=True)
    block = {"//": {"metadata": {"path": "app/log/group"}}}
    document = {"resource": {"aws_cloudwatch_log_group": {"log": block}}}
    (stack / "cdk.tf.json").write_text(json.dumps(document))
    done = review(changed, "app.json", "--synthesised", "out")
    assert "app/log/group" in done.data
    (stack / "plan.json").write_text(plan(GROUP, SHORTER))
    beside = review(changed, "out/stacks/app/plan.json", "--format", "json")
    (found,) = json.loads(beside.data)["stacks"]
    assert (found["name"], found["changes"][0]["construct"]) == ("app", "app/log/group")


def test_a_policy_hides_nothing_behind_one_name_that_is_not_known_yet(
    tmp_path: Path,
) -> None:
    content = json.loads(plan(None, {"name": "log", "role": "build"}, "aws_iam_role_policy"))
    content["resource_changes"][0]["change"]["after_unknown"] = {"policy": True}
    (tmp_path / "plan.json").write_text(json.dumps(content))
    unread = review(tmp_path, "plan.json")
    assert unread.code == BLOCKED
    assert "its policy log is known only after apply" in unread.data
    stack = tmp_path / "cdk.tf.json"
    for action, code in (("s3:*", BLOCKED), ("s3:GetObject", CHANGES)):
        policy = {
            "Statement": [{"Effect": "Allow", "Action": action, "Resource": "${aws_s3_bucket.a.arn}/*"}]
        }
        block = {"policy": json.dumps(policy)}
        stack.write_text(json.dumps({"resource": {"aws_iam_role_policy": {"log": block}}}))
        done = review(tmp_path, "plan.json", "--format", "json")
        assert done.code == code, done.words
        assert f"role build may now also {action} on ${{aws_s3_bucket.a.arn}}/*" in done.data


def test_what_was_reviewed_is_recognised_and_anything_else_refused(changed: Path) -> None:
    review(changed, "app.json", "--format", "json", "--out", "first")
    same = review(changed, "app.json", "--expect", "first/review.json")
    assert same.code == CHANGES
    assert "exactly as reviewed in first/review.json" in same.words
    (changed / "app.json").write_text(plan(GROUP, {**SHORTER, "retention_in_days": 1}))
    other = review(changed, "app.json", "--expect", "first/review.json")
    assert other.code == BLOCKED
    assert "app: aws_cloudwatch_log_group.log: differs from the review in retention_in_days" in other.words


@pytest.mark.parametrize(
    "arguments",
    [
        ["review"],
        ["review", "--colour", "app.json"],
        ["review", "app.json", "--format", "pdf"],
        ["review", "app.json", "--format", "md", "--format", "html"],
        ["review", "app.json", "--budget", "10"],
        ["review", "app.json", "--budget", "much"],
        ["review", "app.json", "app.json"],
        ["review", "nowhere.json"],
        ["review", "app.json", "--settings", "nowhere.toml"],
        ["review", "app.json", "--expect", "app.json"],
        ["plan", "--colour"],
        ["plan"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_1_where_2_says_that_something_changes(
    changed: Path, arguments: list[str]
) -> None:
    done = slipway(*arguments, directory=changed, variables={"COLUMNS": "100"})
    assert done.code == FAILED, done.words
    assert "rror: " in done.words
    assert done.data == ""


@pytest.mark.parametrize(
    "given",
    ["", "{", "[]", "null", "no JSON", '{"version": 4, "serial": 1, "lineage": "x"}', '{"a": 1}', "\x00"],
)
def test_what_is_no_plan_is_exit_code_1_in_words(tmp_path: Path, given: str) -> None:
    done = review(tmp_path, "-", given=given)
    assert done.code == FAILED
    assert done.words.startswith("error: ")
    assert done.data == ""


def test_settings_that_are_wrong_are_exit_code_1(changed: Path) -> None:
    (changed / "review.toml").write_text("[[acknowledge]]\nrule = 7\n")
    done = review(changed, "app.json")
    assert done.code == FAILED
    assert "review.toml" in done.words


def test_what_an_input_says_gives_no_order_to_the_runner_that_reads_the_log(tmp_path: Path) -> None:
    name = "x\n::error::pwned\n\u202e##[error]y"
    (tmp_path / "app.json").write_text(plan({"name": name}, {"name": name + "!"}))
    (tmp_path / "::set-output name=x::y").write_text("no plan")
    for arguments in (["app.json"], ["app.json", "--format", "html"], ["::set-output name=x::y"]):
        done = review(tmp_path, *arguments)
        for line in (done.data + done.words).splitlines():
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
            assert "\u202e" not in line
