"""A text is kept within its budget, and says what that cost."""

from collections import Counter
from dataclasses import replace
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from plan_review.render.budget import Piece, fit, size

pieces = st.lists(
    st.builds(
        Piece,
        section=st.sampled_from(["Risks", "Changes"]),
        outline=st.text(min_size=1, max_size=80),
        risk=st.integers(0, 90),
        what=st.sampled_from(["risk", "change"]),
    ),
    max_size=30,
)


def assemble(kept: list[Piece], lost: Counter[str]) -> str:
    head = f"lost {lost.total()}\n" if lost else "\n"
    return head + "\n".join(piece.text for piece in kept)


@given(pieces, st.integers(50, 2_000))
def test_no_text_is_longer_than_its_budget(given_pieces: list[Piece], budget: int) -> None:
    assert size(fit(given_pieces, budget, assemble)) <= budget


def test_what_fits_is_whole_and_nothing_is_said_to_be_lost() -> None:
    two = [Piece("Risks", "one", 90, "risk"), Piece("Changes", "two", 10, "change")]
    assert fit(two, 100, assemble) == "\none\ntwo"


def test_the_least_risky_goes_first_and_order_stays() -> None:
    three = [Piece("Risks", letter * 20, risk, "risk") for letter, risk in (("a", 50), ("b", 10), ("c", 90))]
    assert fit(three, 55, assemble) == f"lost 1\n{'a' * 20}\n{'c' * 20}"


@given(pieces, st.integers(50, 2_000))
def test_it_makes_no_difference_whether_a_piece_is_written_at_once_or_when_there_is_room(
    given_pieces: list[Piece], budget: int
) -> None:
    later = [replace(piece, outline="…", write=partial(str, piece.outline)) for piece in given_pieces]
    assert fit(later, budget, assemble) == fit(given_pieces, budget, assemble)


def test_what_there_is_no_room_for_is_never_written() -> None:
    written = []

    def write(number: int) -> str:
        written.append(number)
        return str(number) * 20

    hundred = [Piece("Changes", "…", 100 - each, "change", write=partial(write, each)) for each in range(100)]
    fit(hundred, 200, assemble)
    assert written == [0, 1, 2, 3, 4, 5]  # for the last of these there is none


def test_characters_beyond_the_first_65536_count_twice() -> None:
    assert size("a🟢") == 3
