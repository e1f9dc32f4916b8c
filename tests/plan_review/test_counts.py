import pytest

from plan_review.counts import Counts, count, total
from plan_review.plan_reader import read
from tests.plan_review.committed import READABLE, SUMMARIES, in_format, summary, text

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


def test_the_counts_of_stacks_add_up() -> None:
    assert total([Counts(added=1, read=2), Counts(added=3)]) == Counts(added=4, read=2)
    assert total([]).nothing
