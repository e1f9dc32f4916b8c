"""The record of a rehearsal: no secret, every refused call, and a file that is whole or not there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from slipway.account_rehearsal import record
from slipway.account_rehearsal.record import AccountRehearsal, RehearsedStep
from slipway.aws.refusals import ClientRefusal
from slipway.console.errors import SlipwayError

TERRAFORM = (
    "aws_iam_role.build: creating IAM Role (r): operation error IAM: CreateRole, https response error "
    "StatusCode: 403, RequestID: 1-2, api error AccessDenied: User: arn:aws:sts::123456789012:assumed-role/"
    "Admin/anna@example.com is not authorized to perform: iam:CreateRole\nnext line"
)


def empty() -> AccountRehearsal:
    return AccountRehearsal(
        service="rehearsal-0a1b2c",
        region="eu-central-1",
        emulated=True,
        truth=record.TRUTH,
        passed=False,
        destroyed=False,
    )


def step(said: str = "") -> RehearsedStep:
    began = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
    return RehearsedStep(name="hosts", state="failed", began=began, seconds=1.5, said=said)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("arn:aws:iam::123456789012:role/x", "arn:aws:iam::<account>:role/x"),
        ("bucket-123456789012-eu", "bucket-<account>-eu"),
        ("told team@example.com so", "told <e-mail> so"),
        ("assumed by arn:aws:sts::1:assumed-role/Admin/anna", "assumed by arn:aws:sts::1:assumed-role/<who>"),
        ("arn:aws:iam::1:user/anna is", "arn:aws:iam::1:user/<who> is"),
        ("failed in /home/anna/app/cdktf.out", "failed in /home/<who>/app/cdktf.out"),
        ("key AKIAIOSFODNN7EXAMPLE", "key <access key>"),
        ("no. Encoded authorization failure message: AbC-12_x", None),
        ("i-0123456789abcdef0 and d-ABCDEF123", "i-0123456789abcdef0 and d-ABCDEF123"),
    ],
)
def test_it_says_nothing_of_accounts_people_and_keys(text: str, shown: str | None) -> None:
    assert record.hide(text) == (shown or "no. Encoded authorization failure message: <left out>")


def test_refused_calls_are_counted_and_their_words_are_hidden() -> None:
    refusal = ClientRefusal("s3", "PutObject", "AccessDenied", "123456789012 may not")
    (found,) = empty().with_step(step(), [refusal, refusal]).refused
    assert (found.step, found.service, found.operation) == ("hosts", "s3", "PutObject")
    assert (found.code, found.message, found.times) == ("AccessDenied", "<account> may not", 2)


def test_what_terraform_was_refused_is_a_refused_call_too() -> None:
    after = empty().with_step(step(TERRAFORM), [])
    (found,) = after.refused
    assert (found.service, found.operation, found.code) == ("IAM", "CreateRole", "AccessDenied")
    assert "next line" not in found.message
    assert "anna" not in after.model_dump_json()
    assert "123456789012" not in after.model_dump_json()


def test_it_is_kept_and_read_again(tmp_path: Path) -> None:
    assert record.read(tmp_path) is None
    record.write(tmp_path, kept := empty().with_step(step("x"), []))
    assert record.read(tmp_path) == kept
    assert [path.name for path in tmp_path.iterdir()] == [record.FILE]


def test_one_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / record.FILE).write_text("{")
    with pytest.raises(SlipwayError, match="cannot be read"):
        record.read(tmp_path)
