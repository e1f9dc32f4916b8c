"""What a person reads when Terraform fails."""

import json
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from slipway.terraform import commands, events
from slipway.terraform.events import Diagnostic
from slipway.terraform.failures import failure
from tests.patches import patched

RECORDED = Path(__file__).parent / "recorded"
DIRECTORY = Path("out/stacks/my-app-prod")
HINT = (
    "Terraform acquires a state lock to protect the state from being written\n"
    "by multiple users at the same time. Please resolve the issue above and try\n"
    'again. For most commands, you can disable locking with the "-lock=false"\n'
    "flag, but this is not recommended."
)
TAKEN = "Error message: operation error S3: PutObject, StatusCode: 412, PreconditionFailed"
NEVER = "0001-01-01 00:00:00 +0000 UTC"
NOT_JSON = "failed to unmarshal JSON data into LockInfo struct: "
DAMAGED = {
    "empty": f"{NOT_JSON}unexpected end of JSON input",
    "bytes": f"{NOT_JSON}invalid character 'ÿ' looking for beginning of value",
    "list": f"{NOT_JSON}json: cannot unmarshal array into Go value of type statemgr.LockInfo",
    "time": f'{NOT_JSON}parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
    "object without an ID": f"Lock Info:\n  ID:        \n  Who:       ana\n  Created:   {NEVER}",
}
"""What Terraform 1.11 says of a lock object that holds what the key names."""
NOW = datetime(2026, 11, 23, 6, 10, 10, tzinfo=UTC)


def locked_line() -> str:
    return (RECORDED / "locked.jsonl").read_text().splitlines()[-1]


def locked() -> Diagnostic:
    event = events.parse(locked_line())
    assert isinstance(event, Diagnostic)
    return event


def stack(directory: Path, *, bucket: str, key: str) -> Path:
    """A directory as a synthesis leaves it."""
    directory.mkdir(exist_ok=True)
    s3 = {"bucket": bucket, "key": key, "region": "eu-central-1", "use_lockfile": True}
    (directory / "cdk.tf.json").write_text(json.dumps({"terraform": {"backend": {"s3": s3}}}))
    return directory


def damaged_lock() -> Diagnostic:
    return Diagnostic("error", "Error acquiring the state lock", f"{TAKEN}\n{DAMAGED['empty']}\n\n{HINT}")


def test_a_locked_state_tells_who_holds_it_since_when_what_for_and_what_to_do() -> None:
    error = failure(commands.check(), DIRECTORY, [locked()], "", now=NOW)
    assert str(error) == (
        "the state of my-app-prod is locked\n"
        "  why:  ana@laptop holds the lock since 2026-11-23 06:07:10 UTC, 3 min ago, for an apply\n"
        "  next: wait until it has finished, then try again. Only if you are sure that it no longer runs,\n"
        "        remove the lock: terraform -chdir=out/stacks/my-app-prod force-unlock "
        "eb8808b2-8e8e-4fa7-d289-d19bf11a3c60"
    )


def test_the_command_that_unlocks_can_be_pasted_whatever_the_checkout_is_called() -> None:
    error = failure(commands.check(), Path("out of reach/my-app-prod"), [locked()], "", now=NOW)
    line = error.then.partition("remove the lock: ")[2]
    assert shlex.split(line)[:3] == ["terraform", "-chdir=out of reach/my-app-prod", "force-unlock"]


def test_s3_own_lock_is_recognised_by_the_same_words() -> None:
    detail = patched(
        json.loads(locked_line())["diagnostic"]["detail"],
        "resource temporarily unavailable",
        "operation error S3: PutObject, https response error StatusCode: 412, PreconditionFailed",
    )
    error = failure(
        commands.check(), DIRECTORY, [Diagnostic("error", "Error acquiring the state lock", detail)], ""
    )
    assert error.what == "the state of my-app-prod is locked"


def test_a_lock_whose_owner_is_not_told_is_a_failure_like_any_other() -> None:
    refused = Diagnostic("error", "Error acquiring the state lock", "Error message: AccessDenied")
    error = failure(commands.check(), DIRECTORY, [refused], "")
    assert error.what == "terraform plan failed in out/stacks/my-app-prod"
    assert error.why == "Error acquiring the state lock\nError message: AccessDenied"


def test_nobody_is_advised_to_work_without_a_lock() -> None:
    refused = Diagnostic("error", "Error acquiring the state lock", f"Error message: AccessDenied\n\n{HINT}")
    assert "-lock=false" in HINT
    assert failure(commands.check(), DIRECTORY, [refused], "").why == (
        "Error acquiring the state lock\nError message: AccessDenied"
    )


@pytest.mark.parametrize("name", DAMAGED)
def test_a_lock_that_does_not_say_whose_it_is_is_deleted_by_its_name(tmp_path: Path, name: str) -> None:
    directory = stack(tmp_path / "my-app-prod", bucket="my-app-tfstate", key="my-app-prod.tfstate")
    refused = Diagnostic("error", "Error acquiring the state lock", f"{TAKEN}\n{DAMAGED[name]}\n\n{HINT}")
    error = failure(commands.apply(lock_timeout=0), directory, [refused], "")
    assert str(error) == (
        "the state of my-app-prod is locked, but the lock does not name its holder\n"
        "  why:  my-app-prod.tfstate.tflock in my-app-tfstate is empty or damaged:"
        " it is no valid lock of Terraform\n"
        "  next: wait until no other process uses this state, then try again."
        " Only if you are sure that none\n"
        "        does, delete the lock object; this does not delete the state:\n"
        "        aws s3api delete-object --bucket my-app-tfstate --key my-app-prod.tfstate.tflock"
        " --region eu-central-1"
    )


def test_the_command_that_deletes_a_lock_can_be_pasted_whatever_its_key_is(tmp_path: Path) -> None:
    directory = stack(tmp_path, bucket="state", key="it's $HOME/a `b`.tfstate")
    error = failure(commands.check(), directory, [damaged_lock()], "")
    assert shlex.split(error.then.splitlines()[-1])[5:7] == ["--key", "it's $HOME/a `b`.tfstate.tflock"]


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"terraform": {"backend": {"local": {}}}}'])
def test_where_the_lock_lies_in_no_known_place_terraforms_own_words_stand(
    tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "cdk.tf.json").write_text(content)
    error = failure(commands.check(), tmp_path, [damaged_lock()], "")
    assert "unexpected end of JSON input" in error.why
    assert "-lock=false" not in str(error)


def test_a_lock_that_says_its_id_and_no_more_is_taken_away_by_its_id(tmp_path: Path) -> None:
    detail = f"{TAKEN}\nLock Info:\n  ID:        abc\n  Who:       \n  Created:   {NEVER}\n\n{HINT}"
    error = failure(
        commands.check(), DIRECTORY, [Diagnostic("error", "Error acquiring the state lock", detail)], ""
    )
    assert error.why == "an unknown user holds the lock, for an unknown operation"
    assert error.then.endswith("force-unlock abc")


def test_a_failed_resource_is_named_before_what_failed() -> None:
    found = [
        Diagnostic("warning", "old"),
        Diagnostic("error", "creating Key", "AccessDenied", "aws_kms_key.key"),
        Diagnostic("error", "no such thing"),
    ]
    error = failure(commands.apply(lock_timeout=0), DIRECTORY, found, "")
    assert str(error) == (
        "terraform apply failed in out/stacks/my-app-prod\n"
        "  why:  aws_kms_key.key: creating Key\n"
        "        AccessDenied\n"
        "        no such thing\n"
        "  next: correct the problem, then run the command again"
    )


def test_without_diagnostics_its_last_words_say_why() -> None:
    assert failure(commands.show_plan(), DIRECTORY, [], "crashed\n").why == "crashed"


def test_a_delivery_stack_that_is_planned_too_early_says_what_comes_first() -> None:
    """In the AWS provider's words, 5.100.0."""
    missing = Diagnostic("error", "CodeStar Connections Connection (my-app): not found", "")
    error = failure(commands.check(), DIRECTORY, [missing], "")
    assert error.what == f"{DIRECTORY.name} cannot be planned yet: the connection my-app does not exist"
    assert error.then.startswith("apply the foundation stack")
