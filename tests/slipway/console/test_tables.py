"""Tables on screens of any width: all of every cell can be read."""

import io

import pytest
from rich.console import Console, Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.text import Text

from slipway.console.tables import MovingRow, Note, Rows, moving_table

HOST = "i-0123456789abcdef0"


def drawn(what: RenderableType, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=100)
    console.print(what, crop=False)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def rows(indent: int = 0) -> Rows:
    made = Rows("host", "health", "time", indent=indent, right=["time"])
    made.add_row(HOST, Text("healthy", style="green"), "12 s")
    made.add_row("i-1", "", "1 s")
    return made


@pytest.mark.parametrize("width", [36, 80])
def test_where_it_fits_it_is_a_table(width: int) -> None:
    assert drawn(rows(), width) == [
        "host                 health   time",
        f"{HOST}  healthy  12 s",
        "i-1                            1 s",
    ]


@pytest.mark.parametrize("width", [20, 35])
def test_where_it_does_not_each_row_is_a_list(width: int) -> None:
    assert drawn(rows(), width) == [HOST, "  health: healthy", "  time: 12 s", "i-1", "  time: 1 s"]


def test_a_list_is_indented_where_there_is_room_for_it() -> None:
    assert drawn(rows(indent=40), 73)[:2] == [" " * 40 + HOST, " " * 42 + "health: healthy"]
    assert drawn(rows(indent=2), 20)[0] == HOST


def test_a_list_goes_on_in_the_next_line_and_cuts_nothing() -> None:
    made = Rows("host", "words")
    made.add_row(HOST, "a word, and " + "x" * 30)
    assert drawn(made, 20) == [HOST, "  words: a word, and", "x" * 20, "x" * 10]


@pytest.mark.parametrize("width", [20, 39, 40, 80])
def test_a_note_is_whole_on_any_screen(width: int) -> None:
    lines = drawn(Note(Text("!"), Text(f"{HOST} is unhealthy: {'x' * 90}")), width)
    assert any(HOST in line for line in lines)
    assert "".join(lines).count("x") == 90
    assert max(map(len, lines)) <= width


def test_what_moves_gives_up_its_bar_then_its_words() -> None:
    row = MovingRow((Text("✓"), HOST, "5/9"), ProgressBar(total=9, completed=5, width=24), Text("Install"))
    seen = {
        width: " ".join(drawn(moving_table(width, ("mark", "host", "count"), [row]), width)).split()
        for width in (22, 40, 60, 80)
    }
    assert seen[22] == ["✓", HOST]
    assert seen[40] == seen[60] == ["✓", HOST, "5/9", "Install"]
    assert seen[80] == ["✓", HOST, "━" * 13, "━" * 10, "5/9", "Install"] or "━" in "".join(seen[80])


def test_several_are_drawn_below_each_other() -> None:
    assert len(drawn(Group(rows(), rows()), 80)) == 6
