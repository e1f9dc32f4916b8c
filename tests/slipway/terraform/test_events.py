"""Events, read from what a real Terraform wrote."""

from pathlib import Path

from slipway.terraform import events
from slipway.terraform.events import (
    Completed,
    Counted,
    Diagnostic,
    Errored,
    Event,
    Outputs,
    Planned,
    Progressed,
    Refreshing,
    Started,
)

RECORDED = Path(__file__).parent / "recorded"
FIRST, SECOND = "terraform_data.first", "terraform_data.second"


def recorded(name: str) -> list[Event]:
    lines = (RECORDED / f"{name}.jsonl").read_text().splitlines()
    return [event for event in map(events.parse, lines) if event]


def test_an_apply_tells_what_is_planned_begun_going_on_and_done() -> None:
    assert recorded("apply") == [
        Planned(FIRST, "create"),
        Planned(SECOND, "create"),
        Counted("plan", added=2),
        Started(FIRST, "create"),
        Completed(FIRST, "create", 0),
        Started(SECOND, "create"),
        Progressed(SECOND, "create", 10),
        Completed(SECOND, "create", 11),
        Counted("apply", added=2),
        Outputs({"url": "x"}),
    ]


def test_a_failed_apply_tells_which_resource_failed_and_why() -> None:
    found = recorded("failed_apply")
    assert Counted("plan", added=1, changed=1, removed=1) in found
    assert found[-2:] == [
        Errored(SECOND, "create", 0),
        Diagnostic(
            "error",
            "local-exec provisioner error",
            "Error running command 'exit 3': exit status 3. Output:",
            SECOND,
        ),
    ]


def test_a_replaced_resource_counts_twice() -> None:
    assert Counted("plan", added=1, changed=1, removed=1).total == 3


def test_resources_that_are_read_are_told() -> None:
    assert Refreshing(FIRST) in recorded("plan_destroy")


def test_secret_outputs_are_left_out() -> None:
    outputs = [event for event in recorded("apply") if isinstance(event, Outputs)]
    assert [output.values for output in outputs] == [{"url": "x"}]


def test_lines_that_are_no_events_are_none() -> None:
    for line in ("", "Initializing the backend...", "[1]", '"text"', '{"type": "version"}', '{"type": 3}'):
        assert events.parse(line) is None, line
