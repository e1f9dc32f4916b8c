"""Taking a step: what is done is not done again, and whatever comes of it is in the record."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slipway.account_rehearsal import record, run
from slipway.account_rehearsal.sandbox import Sandbox
from slipway.account_rehearsal.steps import RehearsalStep
from slipway.aws.errors import AwsError, RefusedError
from slipway.console.errors import SlipwayError
from tests.slipway.account_rehearsal.sandboxes import Clock, sandbox
from tests.slipway.account_rehearsal.test_record import empty
from tests.slipway.accounts import emptied


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Sandbox]:
    with emptied() as aws:
        yield sandbox(tmp_path, aws)


def raising(error: BaseException) -> Callable[[Sandbox], str]:
    def do(_sandbox: Sandbox) -> str:
        raise error

    return do


def kept(here: Sandbox) -> record.AccountRehearsal:
    found = record.read(here.directory)
    assert found
    return found


def test_a_step_that_aws_says_is_done_is_not_taken(here: Sandbox) -> None:
    step = RehearsalStep("one", raising(AssertionError("it was taken")), lambda _: "it is there")
    (taken,) = run.take(here, empty(), step).steps
    assert (taken.state, taken.said) == ("found", "it is there")


def test_a_step_that_is_not_done_is_taken(here: Sandbox) -> None:
    (taken,) = run.take(here, empty(), RehearsalStep("one", lambda _: "made")).steps
    assert (taken.state, taken.said) == ("done", "made")
    assert kept(here).steps == (taken,)


def test_a_failure_is_kept_and_raised(here: Sandbox) -> None:
    with pytest.raises(SlipwayError):
        run.take(here, empty(), RehearsalStep("one", raising(SlipwayError("no", why="because"))))
    (taken,) = kept(here).steps
    assert (taken.state, "because" in taken.said) == ("failed", True)


def test_an_interruption_is_kept_and_goes_on_being_one(here: Sandbox) -> None:
    with pytest.raises(KeyboardInterrupt):
        run.take(here, empty(), RehearsalStep("one", raising(KeyboardInterrupt())))
    (taken,) = kept(here).steps
    assert taken.state == "interrupted"


def test_calls_that_aws_refuses_meanwhile_are_in_the_record(here: Sandbox) -> None:
    def do(sandbox: Sandbox) -> str:
        with pytest.raises(RefusedError):
            sandbox.aws.s3.head_bucket(Bucket="nobodys")
        return "asked"

    (refused,) = run.take(here, empty(), RehearsalStep("one", do)).refused
    assert (refused.step, refused.service, refused.operation) == ("one", "s3", "HeadBucket")
    assert refused.code == "404"
    assert here.aws.refusals is None


def test_waiting_says_each_new_thing_once(capsys: pytest.CaptureFixture[str]) -> None:
    words = iter(["one", "one", "two", ""])
    Clock().waiting.until(lambda: next(words), 1, then="")
    assert capsys.readouterr().err.split() == ["one", "two"]


def test_waiting_ends_at_its_deadline_and_says_what_to_do() -> None:
    clock = Clock()
    with pytest.raises(SlipwayError, match=r"timeout after 2 min 0 s: a click[\s\S]*click"):
        clock.waiting.until(lambda: "a click", 2, then="click")
    assert clock.now == pytest.approx(120, abs=10)


def test_waiting_bears_what_passes_and_nothing_else() -> None:
    answers: list[AwsError | str] = [AwsError("throttled", passing=True), ""]

    def look() -> str:
        answer = answers.pop(0)
        if isinstance(answer, AwsError):
            raise answer
        return answer

    Clock().waiting.until(look, 1, then="")
    answers[:] = [AwsError("denied")]
    with pytest.raises(AwsError, match="denied"):
        Clock().waiting.until(look, 1, then="")
