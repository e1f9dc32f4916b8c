from dataclasses import replace

import pytest

from plan_review.counts import Counts, count, total
from plan_review.plan import UNKNOWN, ResourceChange, Value
from plan_review.plan_reader import read
from tests.plan_review.changes import change, plan
from tests.plan_review.committed import READABLE, SUMMARIES, in_format, summary, text

KEY = "aws_kms_key.main"
COUNTED = [name for name in READABLE if SUMMARIES[name].startswith("Plan:")]
UNCOUNTED = [name for name in READABLE if name not in COUNTED]


@pytest.mark.parametrize("name", COUNTED)
def test_the_counts_are_those_of_terraforms_own_summary(name: str) -> None:
    assert summary(count(read(text(name), stack=name))) == SUMMARIES[name]


@pytest.mark.parametrize("name", UNCOUNTED)
def test_where_terraform_counts_nothing_no_resource_changes(name: str) -> None:
    counts = count(read(text(name), stack=name))
    assert counts == Counts(outputs=counts.outputs)
    assert counts.nothing == SUMMARIES[name].startswith("No changes.")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("name", [name for name in COUNTED if "to import" not in SUMMARIES[name]])
def test_the_counts_are_the_same_in_older_formats(name: str, version: str) -> None:
    assert summary(count(read(in_format(text(name), version), stack=name))) == SUMMARIES[name]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("replace", Counts(replaced=2)),
        ("replace-create-first", Counts(replaced=2)),
        ("move", Counts(changed=1, moved=2)),
        ("import", Counts(changed=1, imported=2)),
        ("forget", Counts(destroyed=1, forgotten=1)),
        ("read", Counts(added=2, read=1)),
        ("deposed", Counts(destroyed=1)),
        ("only-outputs", Counts(outputs=2)),
    ],
)
def test_what_terraforms_summary_leaves_out_is_counted_too(name: str, counts: Counts) -> None:
    assert count(read(text(name), stack=name)) == counts


def imported(before: dict[str, Value], after: dict[str, Value], address: str = KEY) -> ResourceChange:
    return replace(change(address, before=before, after=after), imported="its-id")


@pytest.mark.parametrize(
    ("found", "only_in_the_state"),
    [
        (imported({"deletion_window_in_days": None}, {"deletion_window_in_days": 30}), True),
        (imported({"deletion_window_in_days": 7}, {"deletion_window_in_days": 30}), False),
        (imported({"description": ""}, {"description": "Logs."}), False),
        (imported({"description": None, "tags": {}}, {"description": "", "tags": None}), True),
        (imported({"a": None}, {"a": 1}, "aws_vpc.main"), False),
        (change(KEY, before={"deletion_window_in_days": None}, after={"deletion_window_in_days": 30}), False),
        (
            imported(
                {"default_version": 2, "latest_version": 2, "update_default_version": None},
                {"default_version": UNKNOWN, "latest_version": 2, "update_default_version": True},
                "aws_launch_template.main",
            ),
            True,
        ),
        (
            imported(
                {"default_version": 1, "latest_version": 2, "update_default_version": None},
                {"default_version": UNKNOWN, "latest_version": 2, "update_default_version": True},
                "aws_launch_template.main",
            ),
            False,
        ),
    ],
)
def test_what_an_import_cannot_read_counts_as_recorded_and_not_as_changed(
    found: ResourceChange, only_in_the_state: bool
) -> None:
    counts = count(plan(found))

    assert (counts.recorded, counts.changed) == ((1, 0) if only_in_the_state else (0, 1))


def test_an_import_says_that_nothing_is_changed_or_destroyed() -> None:
    assert Counts(imported=25).words == "25 to import, 0 to change, 0 to destroy"
    assert Counts(imported=25, added=1, changed=2).words == (
        "25 to import, 1 to add, 2 to change, 0 to destroy"
    )
    assert Counts(added=1).words == "1 to add"


def test_the_counts_of_stacks_add_up() -> None:
    assert total([Counts(added=1, read=2), Counts(added=3)]) == Counts(added=4, read=2)
    assert total([]).nothing
