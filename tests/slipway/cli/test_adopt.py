"""``slipway adopt`` in an emulated account: what it shows, asks, writes, refuses.

Terraform's part, with the real provider, is in tests/integration/test_adopt.py.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from modules.config import adopted
from plan_review.plan import Plan
from slipway.aws.clients import Aws
from slipway.cli import adopt
from slipway.console.errors import SlipwayError
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.bucket import StateBucket
from tests.integration.pipelines import FOUNDATION, STAGING, STATE_BUCKET, small
from tests.plan_review.changes import change, plan
from tests.slipway.accounts import ACCOUNT, KEYS, REGION, emptied
from tests.slipway.aws.existing.searching import NETWORK, vpc
from tests.slipway.aws.existing.test_searches import DEPLOYED, MADE, deployment_group, scaling_group
from tests.slipway.commands import Answer, slipway
from tests.slipway.recorded import recorded, repeated

APP: dict[str, Any] = {"aws_codedeploy_app": {"application": {"name": "my-app"}}}
MANAGED = {
    "mode": "managed",
    "type": "aws_codedeploy_app",
    "name": "team",
    "instances": [{"attributes": {"id": "1:my-app", "name": "my-app"}}],
}
TEAMS = {"version": 4, "resources": [MANAGED]}


@pytest.fixture
def aws() -> Iterator[Aws]:
    with emptied() as aws:
        bootstrap(StateBucket(aws.s3, STATE_BUCKET, ACCOUNT, REGION), lambda _line: None)
        yield aws


@pytest.fixture(autouse=True)
def planned(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The stacks that were planned; each plan imports its resources and changes nothing."""
    asked: list[list[str]] = []

    def plans(_project: object, names: list[str]) -> tuple[Plan, ...]:
        asked.append(names)
        return tuple(plan(stack=name) for name in names)

    monkeypatch.setattr(adopt, "planned", plans)
    return asked


def run(root: Path, *arguments: str, **stacks: Any) -> Answer:  # noqa: ANN401 - Terraform's JSON
    """Run the command in a project; stacks: their resources, in the first run."""
    if stacks:
        small(root, KEYS, {name.replace("_", "-"): resources for name, resources in stacks.items()})
    return slipway("adopt", *arguments, directory=root, variables={**KEYS, "PATH": "/usr/bin:/bin"})


def test_what_exists_is_shown_and_written_and_planned(
    aws: Aws, tmp_path: Path, planned: list[list[str]]
) -> None:
    aws.codedeploy.create_application(applicationName="my-app", computePlatform="Server")

    answer = run(tmp_path, "--yes", my_app_foundation=APP, my_app_staging=NETWORK)

    assert answer.code == 0, answer.words
    assert f"{FOUNDATION}: 1 to import" in answer.words
    assert f"{STAGING}: 5 to create" in answer.words
    assert "found  aws_codedeploy_app.application  my-app     name" in answer.data
    assert "wrote adopt.toml: 1 import" in answer.words
    assert adopted.load(tmp_path / adopted.FILE) == {FOUNDATION: {"aws_codedeploy_app.application": "my-app"}}
    assert planned == [[FOUNDATION]]


def test_in_an_empty_account_there_is_nothing_to_adopt(
    aws: Aws, tmp_path: Path, planned: list[list[str]]
) -> None:
    answer = run(tmp_path, "--yes", my_app_foundation=APP)

    assert (answer.code, planned) == (0, [])
    assert answer.words.endswith("nothing to adopt\n")
    assert not (tmp_path / adopted.FILE).exists()


def test_two_with_the_same_name_are_refused_and_a_line_decides(
    aws: Aws, tmp_path: Path, planned: list[list[str]]
) -> None:
    several = sorted([vpc(aws), vpc(aws)])

    answer = run(tmp_path, "--yes", my_app_staging=NETWORK)
    assert (answer.code, planned) == (1, [])
    line = f'"aws_vpc.net" = "{several[1]}"'
    assert "which resources to adopt is not clear; nothing was written" in answer.words
    assert line in answer.words

    (tmp_path / adopted.FILE).write_text(f'["{STAGING}"]\n{line}\n')
    answer = run(tmp_path, "--yes")
    assert answer.code == 0, answer.words
    assert set(adopted.load(tmp_path / adopted.FILE)[STAGING]) == {
        "aws_vpc.net",
        "aws_default_security_group.none",
    }


@pytest.mark.parametrize("hosts", [f"my-app-prod-{MADE}", "web"])
def test_a_second_deployment_group_on_the_same_hosts_is_refused(
    aws: Aws, tmp_path: Path, hosts: str, planned: list[list[str]]
) -> None:
    scaling_group(aws, hosts)
    deployment_group(aws, "my-app", "my-app-prod", hosts)
    deployment_group(aws, "older-app", "live", hosts)

    answer = run(tmp_path, "--yes", my_app_prod=DEPLOYED)

    assert (answer.code, planned) == (1, [])
    assert (
        f"several deployment groups would deploy to the hosts of {hosts}; nothing was written" in answer.words
    )
    assert "older-app/live" in answer.words
    assert not (tmp_path / adopted.FILE).exists()


def test_the_hosts_of_the_one_deployment_group_are_adopted_with_it(aws: Aws, tmp_path: Path) -> None:
    scaling_group(aws, f"my-app-prod-{MADE}")
    deployment_group(aws, "my-app", "my-app-prod", f"my-app-prod-{MADE}")

    with recorded() as calls:
        answer = run(tmp_path, "--yes", my_app_prod=DEPLOYED)

    assert answer.code == 0, answer.words
    assert "2 to import" in answer.words
    assert not [call.name for call in calls if call.changes]
    assert repeated(calls) == []


def test_hosts_with_a_fixed_name_and_their_refreshes_are_named(aws: Aws, tmp_path: Path) -> None:
    scaling_group(aws, "web")
    deployment_group(aws, "my-app", "my-app-prod", "web")
    aws.autoscaling.start_instance_refresh(AutoScalingGroupName="web")

    answer = run(tmp_path, "--yes", my_app_prod=DEPLOYED)

    assert answer.code == 0, answer.words
    assert 'web exists, but its name is "web"' in answer.words
    assert "a new one is created beside it" in answer.words
    assert "web has had the instance refresh" in answer.words
    assert set(adopted.load(tmp_path / adopted.FILE)["my-app-prod"]) == {
        "aws_codedeploy_deployment_group.group"
    }


def test_what_is_in_the_state_meanwhile_leaves_the_file(aws: Aws, tmp_path: Path) -> None:
    aws.codedeploy.create_application(applicationName="my-app", computePlatform="Server")
    assert run(tmp_path, "--yes", my_app_foundation=APP).code == 0
    state = json.dumps(TEAMS).replace('"team"', '"application"').encode()
    aws.s3.put_object(Bucket=STATE_BUCKET, Key=f"my-app/{FOUNDATION}.tfstate", Body=state)

    answer = run(tmp_path, "--yes")

    assert answer.code == 0, answer.words
    assert "1 in the state" in answer.words
    assert "deleted adopt.toml: nothing is left to import" in answer.words
    assert not (tmp_path / adopted.FILE).exists()


def test_tables_of_other_stacks_stay(aws: Aws, tmp_path: Path) -> None:
    small(tmp_path, KEYS, {FOUNDATION: APP, STAGING: NETWORK})
    aws.codedeploy.create_application(applicationName="my-app", computePlatform="Server")
    kept = {STAGING: {"aws_vpc.net": "vpc-1"}}
    (tmp_path / adopted.FILE).write_text(f'["{STAGING}"]\n"aws_vpc.net" = "vpc-1"\n')

    assert run(tmp_path, FOUNDATION, "--yes").code == 0
    assert adopted.load(tmp_path / adopted.FILE) == {
        **kept,
        FOUNDATION: {"aws_codedeploy_app.application": "my-app"},
    }


def test_json_is_what_exists_and_nothing_is_written(
    aws: Aws, tmp_path: Path, planned: list[list[str]]
) -> None:
    aws.codedeploy.create_application(applicationName="my-app", computePlatform="Server")

    answer = run(tmp_path, "--json", my_app_foundation=APP)

    [resource] = json.loads(answer.data)["stacks"][0]["resources"]
    assert (resource["outcome"], resource["ids"], resource["by"]) == ("found", ["my-app"], "name")
    assert (planned, (tmp_path / adopted.FILE).exists()) == ([], False)


def test_what_would_be_destroyed_is_named_with_the_lines_that_prevent_it(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.codedeploy.create_application(applicationName="my-app", computePlatform="Server")
    rest = {
        "mode": "managed",
        "module": "module.net",
        "type": "aws_eip",
        "name": "own",
        "instances": [{"index_key": "a", "attributes": {"id": "eipalloc-1"}}],
    }
    state = json.dumps({"version": 4, "resources": [MANAGED, rest]}).encode()
    aws.s3.put_object(Bucket=STATE_BUCKET, Key=f"my-app/{FOUNDATION}.tfstate", Body=state)
    gone = change("module.net.aws_eip.own", before={"id": "eipalloc-1"})
    monkeypatch.setattr(adopt, "planned", lambda _project, _names: (plan(gone, stack=FOUNDATION),))

    answer = run(tmp_path, "--yes", my_app_foundation=APP)

    assert answer.code == 3, answer.words
    assert f"{FOUNDATION}: 1 to move, 1 left in the state" in answer.words
    assert "wrote adopt.toml: 1 move" in answer.words
    assert '"module.net.aws_eip.own" = { destroy = false }  # eipalloc-1' in answer.words
    moved = {"aws_codedeploy_app.application": {"moved_from": "aws_codedeploy_app.team"}}
    assert adopted.load(tmp_path / adopted.FILE) == {FOUNDATION: moved}


def test_what_the_other_configuration_gives_up_is_printed(aws: Aws, tmp_path: Path) -> None:
    aws.codedeploy.create_application(applicationName="my-app", computePlatform="Server")
    (tmp_path / "team.json").write_text(json.dumps(TEAMS))

    answer = run(tmp_path, "--yes", "--from-state", "team.json", my_app_foundation=APP)

    assert answer.code == 0, answer.words
    assert "removed {\n  from = aws_codedeploy_app.team\n" in answer.data
    assert "the other configuration gives these up without destroying them" in answer.words


def test_what_would_be_changed_is_named_and_has_an_exit_code_of_its_own(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.codedeploy.create_application(applicationName="my-app", computePlatform="Server")
    made = change("aws_vpc.net", before={"cidr_block": "x"})
    monkeypatch.setattr(adopt, "planned", lambda _project, _names: (plan(made, stack=FOUNDATION),))

    answer = run(tmp_path, "--yes", my_app_foundation=APP)

    assert answer.code == 3, answer.words
    assert f"{FOUNDATION}: 0 imported, 0 changed, 1 destroyed" in answer.words
    assert (tmp_path / adopted.FILE).exists()


def test_without_the_state_bucket_bootstrap_comes_first(tmp_path: Path) -> None:
    with emptied():
        answer = run(tmp_path, "--yes", my_app_foundation=APP)

    assert answer.code == 1
    assert f"the state bucket {STATE_BUCKET} does not exist" in answer.words
    assert "slipway bootstrap" in answer.words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "confirmation required, but stdin is not a terminal"),
        (("no-such-stack", "--yes"), "stack 'no-such-stack' not found"),
        (("--yes", "--from-state", "pipeline.toml"), "pipeline.toml is not a Terraform state"),
        (("--yes", "--from-state", "none.json"), "none.json cannot be used"),
    ],
)
def test_wrong_usage_is_one_message(aws: Aws, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    answer = run(tmp_path, *arguments, my_app_foundation=APP)

    assert answer.code in (1, 2)
    assert said in answer.words
    assert "Traceback" not in answer.words


def test_answering_no_writes_nothing(aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.codedeploy.create_application(applicationName="my-app", computePlatform="Server")
    monkeypatch.setattr("slipway.cli.adopt.confirm.require_somebody", lambda **_: None)

    def no(_question: str) -> None:
        raise SlipwayError("Aborted. Nothing was changed.")

    monkeypatch.setattr("slipway.cli.adopt.confirm.agree", no)
    answer = run(tmp_path, my_app_foundation=APP)

    assert (answer.code, (tmp_path / adopted.FILE).exists()) == (1, False)


@pytest.mark.parametrize(
    ("what", "dropped", "question"),
    [
        ("2 imports", 0, "Write 2 imports into adopt.toml"),
        ("", 3, "Remove 3 lines of adopt.toml that are not needed any more"),
        (
            "2 imports",
            3,
            "Write 2 imports into adopt.toml, and remove 3 lines of adopt.toml that are not needed any more",
        ),
    ],
)
def test_the_question_says_all_that_is_written(what: str, dropped: int, question: str) -> None:
    assert adopt._doing(what, dropped) == question
