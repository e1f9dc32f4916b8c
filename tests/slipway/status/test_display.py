"""What a person sees: the same on 80 columns as on 120, the gravest first."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from rich.console import Console, RenderableType

from slipway.console.fitting import Fitting
from slipway.status.display import FEW, draw, draw_live
from slipway.status.model import PipelineStatus, PipelineWait, StageStatus, Status
from slipway.status.survey import Survey
from tests.slipway.status.world import NOW, World, commit, world

HOUR = timedelta(hours=1)


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        made.apply_foundation()
        made.apply_environment(hosts=2)
        yield made


def drawn(status: Status, width: int = 80) -> str:
    return drawn_by(draw(status), width)


def drawn_by(drawn: RenderableType, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, height=100)
    console.print(drawn, crop=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def status(here: World) -> Status:
    return Survey.of(here.aws, here.names, here.names.environments).status()


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_is_cut_off(here: World, width: int) -> None:
    first, second = here.hosts()
    here.alarm("latency", state="ALARM")
    here.deploy("a", hosts=[first, second], ago=2 * HOUR)
    bad = here.deploy("b", "Failed", hosts={first: "Succeeded", second: "Failed"})
    said = drawn(status(here), width)
    for whole in (
        first,
        second,
        commit("a")[:12],
        commit("b")[:12],
        bad,
        "2 of 2, differ",
        "1 in ALARM",
    ):
        assert whole in said
    assert "…" not in said
    assert max(map(len, said.splitlines())) <= width


def test_a_deployment_under_way_is_shown_and_that_hosts_differ_meanwhile_is_not_remarkable(
    here: World,
) -> None:
    first, second = here.hosts()
    here.deploy("a", hosts=[first, second], ago=2 * HOUR)
    made = here.deploy("b", "InProgress", hosts={first: "Succeeded", second: "InProgress"})
    said = " ".join(drawn(status(here)).split())
    assert f"staging: {made} is deploying {commit('b')[:12]} (InProgress, " in said
    assert "hosts differ" not in said
    assert "the last that succeeded" not in said


def test_a_link_is_not_cut_in_two(here: World) -> None:
    link = f"https://console.example.com/{'x' * 80}"
    wait = PipelineWait(
        stage="Source", kind="connection", why="pending", since=None, then=f"complete it: {link}"
    )
    shown = status(here).model_copy(
        update={"pipeline": PipelineStatus(name="my-app", applied=True, stages=(), waits=(wait,))}
    )
    assert link in drawn(shown)


def test_live_what_to_look_at_comes_first_and_links_are_folded_to_the_width(here: World) -> None:
    link = f"https://console.example.com/{'x' * 80}"
    wait = PipelineWait(
        stage="Source", kind="connection", why="pending", since=None, then=f"complete it: {link}"
    )
    shown = status(here).model_copy(
        update={"pipeline": PipelineStatus(name="my-app", applied=True, stages=(), waits=(wait,))}
    )
    lines = drawn_by(draw_live(shown)).splitlines()
    assert max(map(len, lines)) <= 80
    assert link in "".join(line.strip() for line in lines)
    assert "! staging: nothing was deployed yet" in lines[2]


def test_of_what_does_not_fit_the_beginning_is_shown_and_how_much_more_there_is(here: World) -> None:
    whole = drawn(status(here)).splitlines()
    room = len(whole) - 3
    console = Console(file=io.StringIO(), width=80, height=room)
    console.print(Fitting(draw(status(here))))
    assert isinstance(console.file, io.StringIO)
    fitted = console.file.getvalue().splitlines()
    assert len(fitted) == room
    assert fitted[-1] == "… 4 more lines; slipway status prints all"
    assert [each.rstrip() for each in fitted[1:-1]] == [each.rstrip() for each in whole[1 : room - 1]]


def test_what_fits_is_shown_as_it_is(here: World) -> None:
    assert "lines more" not in drawn_by(Fitting(draw(status(here))))


def test_an_alarm_that_is_on_stands_before_every_other_remark(here: World) -> None:
    here.alarm("latency", state="ALARM", ActionsEnabled=False)
    said = drawn(status(here))
    assert said.index("is in ALARM for") < said.index("nothing was deployed yet")


def test_what_the_pipeline_waits_for_comes_with_what_to_do(here: World) -> None:
    wait = PipelineWait(
        stage="prod", kind="approval", why="a person has to let it in", since=NOW, then="slipway approve"
    )
    stages = (
        StageStatus(
            name="Build",
            status="Failed",
            commit="c" * 40,
            execution="x",
            since=NOW,
            error="tests fail",
            then="mend",
        ),
    )
    shown = status(here).model_copy(
        update={"pipeline": PipelineStatus(name="my-app", applied=True, stages=stages, waits=(wait,))}
    )
    said = " ".join(drawn(shown).split())
    assert "Build Failed cccccccccccc" in said
    assert "! Build failed: tests fail next: mend" in said
    assert "a person has to let it in next: slipway approve" in said


def test_words_of_others_reach_no_terminal_as_commands_nor_as_markup(here: World) -> None:
    why = "paused by ana: \x1b]0;gone\x07 [bold]not bold[/bold]"
    wait = PipelineWait(stage="prod", kind="transition", why=why, since=None, then="slipway resume")
    shown = status(here).model_copy(
        update={"pipeline": PipelineStatus(name="my-app", applied=True, stages=(), waits=(wait,))}
    )
    said = drawn(shown)
    assert "\x1b" not in said
    assert "[bold]not bold[/bold]" in said


def test_of_many_environments_hosts_are_left_out(here: World) -> None:
    found = status(here)
    many = found.model_copy(update={"environments": found.environments * (FEW + 1)})
    assert here.hosts()[0] in drawn(found)
    assert here.hosts()[0] not in drawn(many)


def test_what_is_not_applied_is_said(here: World) -> None:
    assert "The pipeline my-app does not exist yet: apply the delivery stack." in drawn(status(here))


@pytest.mark.parametrize("width", [20, 30, 40, 50])
def test_on_a_narrow_screen_tables_are_lists_and_nothing_is_lost(here: World, width: int) -> None:
    first, second = here.hosts()
    here.alarm("latency", state="ALARM")
    here.deploy("a", hosts=[first, second], ago=2 * HOUR)
    bad = here.deploy("b", "Failed", hosts={first: "Succeeded", second: "Failed"})
    for said in (drawn(status(here), width), drawn_by(draw_live(status(here)), width)):
        lines = [line.strip() for line in said.splitlines()]
        assert all(any(whole in line for line in lines) for whole in (first, second, bad, commit("b")[:12]))
        words = " ".join(said.split())
        assert "healthy hosts: 2 of 2, differ" in words
        assert "health: healthy" in words
        assert "…" not in said
        assert max(map(len, said.splitlines())) <= width
