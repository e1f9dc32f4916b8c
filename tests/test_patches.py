import pytest

from tests.patches import patched


def test_words_that_are_there_once_are_changed() -> None:
    assert patched("one two", "two", "three") == "one three"


@pytest.mark.parametrize("old", ["two", "three"])
def test_words_that_are_not_there_or_twice_fail_the_test(old: str) -> None:
    with pytest.raises(AssertionError, match="has to be there once"):
        patched("one three three", old, "four")
