from dataclasses import fields, is_dataclass
from html.parser import HTMLParser

from local.rehearsal.results import page, table
from local.rehearsal.results.record import (
    BuildRecord,
    DeploymentRecord,
    EventRecord,
    HostRecord,
    RehearsalRecord,
    StepRecord,
    Traffic,
)

GOOD, BAD = "a" * 40, "b" * 40
HOSTILE = "\"'><script>alert(1)</script></svg>&lt;\u202e\x00\x1b[2J\r\n{{ 7 * 7 }}<!--"


def a_record() -> RehearsalRecord:
    event = EventRecord(name="BlockTraffic", at=10, seconds=5, status="Succeeded")
    failed = EventRecord(name="ValidateService", at=20, seconds=5, status="Failed")
    step = StepRecord(
        title="broken <release>",
        at=10,
        seconds=40,
        requests=2001,
        failed_requests=1,
        traffic=[Traffic(at=11, commit=GOOD, requests=40), Traffic(at=11, commit="", requests=1)],
        builds=[BuildRecord(commit=BAD, digest="sha256:1", at=1, seconds=3, phases={}, push_seconds=1)],
        deployments=[
            DeploymentRecord(
                id="d-1",
                commit=BAD,
                at=10,
                status="Failed",
                hosts=[HostRecord(name="host-1", status="Failed", events=[event, failed])],
            )
        ],
    )
    step.expect("no request fails", False, "1 of 2001 did: <TimeoutError>")
    step.expect("the other host is skipped", True)
    record = RehearsalRecord(
        service="my-app", environment="staging", engine="20.10", started_at="2026-11-23T06:00:00"
    )
    record.names, record.times, record.steps = (
        {GOOD: "commit 1", BAD: "commit 2"},
        {"downtime_seconds": 0.9},
        [step],
    )
    record.settle(60.04)
    return record


def with_words(part: object, words: str) -> None:
    """Puts words before every text of a record and of what it holds, but not into the names of times."""
    assert is_dataclass(part)
    for field in fields(part):
        match getattr(part, field.name):
            case str(text):
                setattr(part, field.name, words + text)
            case [*inner]:
                for one in inner:
                    with_words(one, words)
            case {**names} if field.name == "names":
                setattr(part, field.name, {f"{words}{key}": f"{words}{name}" for key, name in names.items()})


class Tags(HTMLParser):
    """Whether every element is closed, what there is, and what it refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.all: list[tuple[str, ...]] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, *(name for name, _ in attributes)))
        self.references += [value or "" for name, value in attributes if name in ("src", "href")]
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_one_check_that_does_not_hold_is_enough_to_fail() -> None:
    record = a_record()
    assert not record.passed
    assert record.failed_requests == 1
    assert record.broken == ["broken <release>: no request fails, but 1 of 2001 did: <TimeoutError>"]


def test_a_rehearsal_without_an_act_has_not_passed() -> None:
    record = RehearsalRecord(service="my-app", environment="staging", engine="", started_at="")
    record.settle(1)
    assert not record.passed


def test_the_record_as_json_says_which_act_passed() -> None:
    document = a_record().as_json()
    assert document["schema"] == 1
    assert document["seconds"] == 60.0
    assert [step["passed"] for step in document["steps"]] == [False]


def test_the_page_needs_nothing_but_itself_and_is_well_formed() -> None:
    tags = Tags()
    tags.feed(page.render(a_record()))
    assert tags.open == []
    assert tags.references == []


def test_the_page_says_what_did_not_hold_and_what_was_found() -> None:
    drawn = page.render(a_record())
    assert 'Rehearsal of my-app in staging: <span class="bad">failed</span>' in drawn
    assert "no request fails<pre>1 of 2001 did: &lt;TimeoutError&gt;</pre>" in drawn
    assert "broken &lt;release&gt;" in drawn
    assert "<!--" not in drawn


def test_no_text_of_a_record_makes_an_element_or_an_attribute() -> None:
    made = []
    for words in ("harmless", HOSTILE):
        record = a_record()
        with_words(record, words)
        tags = Tags()
        tags.feed(page.render(record))
        assert tags.open == []
        made.append(tags.all)
    assert made[0] == made[1]


def test_the_timeline_shows_each_event_build_and_second_of_traffic() -> None:
    drawn = page.render(a_record())
    for words in (
        "host-1, commit 2: BlockTraffic Succeeded, 5.0 s",
        "host-1, commit 2: ValidateService Failed, 5.0 s",
        "build of commit 2: 3.0 s",
        "40 × commit 1",
        "1 × failed",
    ):
        assert words in drawn


def test_an_event_that_failed_is_drawn_as_failed() -> None:
    before = page.render(a_record()).split("ValidateService Failed")[0]
    assert before.rsplit("<rect ", 1)[1].startswith('class="failed"')


def test_the_table_has_a_line_for_each_act_and_each_time_that_was_taken() -> None:
    record = a_record()
    assert table.steps(record).row_count == 1
    assert table.times(record).row_count == 1
    assert table.deployments(record.steps[0], record) == "commit 2: failed"
