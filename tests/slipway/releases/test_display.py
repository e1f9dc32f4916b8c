"""How a deployment is shown: hosts that move on a terminal, plain lines elsewhere."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rich.console import Console

from slipway.aws.codedeploy import Deployment
from slipway.releases.display import MOST, HostsTable, PlainLines, drawn, most_important
from tests.slipway.releases.deployments import BEGAN, deployment, event, host


def text(*, width: int = 80, **shown: object) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(drawn(**shown))  # type: ignore[arg-type]  # what drawn takes
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_line_is_written_for_what_is_new_and_nothing_twice() -> None:
    lines: list[str] = []
    with PlainLines(lines.append) as shown:
        for each in (deployment("Created"), deployment("Created"), deployment("InProgress")):
            shown.show(each)
    assert lines == ["d-1  my-app-prod: Created", "d-1  Created", "d-1  InProgress"]


def test_another_deployment_begins_anew() -> None:
    lines: list[str] = []
    with PlainLines(lines.append) as shown:
        shown.show(deployment("InProgress"))
        shown.show(deployment("InProgress", id="d-2"))
    assert lines[2:] == ["d-2  my-app-prod: InProgress", "d-2  InProgress"]


def test_each_host_has_a_line_with_how_far_it_is_and_what_it_does() -> None:
    there = host(
        "i-a", "InProgress", event("BlockTraffic", "Succeeded"), event("ApplicationStart", "InProgress")
    )
    shown = text(deployment=deployment("InProgress", there), now=BEGAN + timedelta(seconds=9))
    heading, line = shown.splitlines()[:2]
    assert heading.startswith("d-1  my-app-prod  InProgress  9 s, 0 of 1 hosts")
    assert "i-a" in line
    assert "1/2" in line
    assert "ApplicationStart" in line


def test_of_many_hosts_those_that_matter_are_shown() -> None:
    hosts = [host(f"i-{each}", "Succeeded") for each in range(100)]
    hosts[70] = host("i-70", "InProgress")
    hosts[80] = host("i-80", "Failed")
    shown = most_important(hosts)
    assert [each.id for each in shown[:2]] == ["i-70", "i-80"]
    assert len(shown) == MOST
    assert "… and 80 more" in text(deployment=deployment("InProgress", *hosts), now=BEGAN)


def test_on_a_terminal_it_is_drawn_and_words_stand_above_it() -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    with HostsTable(console) as shown:
        shown.show(deployment("Succeeded", host("i-a", "Succeeded")))
        shown.say("AWS does not answer")
    assert isinstance(console.file, io.StringIO)
    written = console.file.getvalue()
    assert "AWS does not answer" in written
    assert "✓" in written


def watching(since: datetime) -> Deployment:
    """A deployment whose host watches its release."""
    there = host("i-a", "InProgress", replace(event("AfterAllowTraffic", "InProgress"), started=since))
    return deployment("InProgress", there)


def test_while_a_host_watches_its_release_the_time_is_counted_down() -> None:
    left = {"my-app-prod": 300, "my-app-staging": 0}
    for passed, words in ((20, "4 min 40 s left"), (299, "1 s left"), (400, "0 s left")):
        shown = text(deployment=watching(BEGAN), now=BEGAN + timedelta(seconds=passed), watching=left)
        assert f"watches the release, {words}" in shown
    assert "AfterAllowTraffic" in text(deployment=watching(BEGAN), now=BEGAN)


def test_without_a_terminal_each_minute_is_told_once() -> None:
    lines: list[str] = []
    with PlainLines(lines.append, {"my-app-prod": 300}) as shown:
        for passed in (0, 5, 70, 75, 299):
            shown.show(watching(datetime.now(UTC) - timedelta(seconds=passed)))
    told = [line for line in lines if " left" in line]
    assert told == [f"i-a  watches the release, {minutes} min left" for minutes in (5, 4, 1)]
