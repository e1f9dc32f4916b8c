"""What a person reads when Terraform fails."""

import json
import shlex
from datetime import UTC, datetime
from pathlib import Path

from slipway.terraform import commands, events
from slipway.terraform.events import Diagnostic
from slipway.terraform.failures import failure
from tests.patches import patched

RECORDED = Path(__file__).parent / "recorded"
DIRECTORY = Path("out/stacks/my-app-prod")
NOW = datetime(2026, 11, 23, 6, 10, 10, tzinfo=UTC)


def locked_line() -> str:
    return (RECORDED / "locked.jsonl").read_text().splitlines()[-1]


def locked() -> Diagnostic:
    event = events.parse(locked_line())
    assert isinstance(event, Diagnostic)
    return event


def test_a_locked_state_tells_who_holds_it_since_when_what_for_and_what_to_do() -> None:
    error = failure(commands.check(), DIRECTORY, [locked()], "", now=NOW)
    assert str(error) == (
        "the state of my-app-prod is locked\n"
        "  why:  ana@laptop holds the lock since 2026-11-23 06:07:10 UTC, 3 min ago, for an apply\n"
        "  next: wait until it is done, and try again. Only if it is certain that it no longer runs,\n"
        "        take the lock away: terraform -chdir=out/stacks/my-app-prod force-unlock "
        "eb8808b2-8e8e-4fa7-d289-d19bf11a3c60"
    )


def test_the_command_that_unlocks_can_be_pasted_whatever_the_checkout_is_called() -> None:
    error = failure(commands.check(), Path("out of reach/my-app-prod"), [locked()], "", now=NOW)
    line = error.then.partition("take the lock away: ")[2]
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
        "        no such thing"
    )


def test_without_diagnostics_its_last_words_say_why() -> None:
    assert failure(commands.show_plan(), DIRECTORY, [], "crashed\n").why == "crashed"
