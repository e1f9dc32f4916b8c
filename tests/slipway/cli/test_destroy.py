"""``slipway destroy``: what is typed when it asks. That it destroys is tests/integration/test_destroy.py."""

import io
import sys
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from slipway.aws.clients import Aws
from slipway.checkout import project
from slipway.cli.destroy import _take_down
from slipway.console.errors import SlipwayError
from slipway.terraform.destroy.destroy_plan import DestroyPlan
from slipway.terraform.destroy.teardown import Teardown

ROOT = Path(__file__).parents[3]


class Recorded:
    """A teardown of no stacks that says whether it was carried out."""

    def __init__(self) -> None:
        self.aws = cast(Aws, None)  # of no stacks nothing is asked
        self.destroyed = False

    async def plan(self) -> tuple[DestroyPlan, ...]:
        return ()

    async def destroy(self, _: object) -> None:
        self.destroyed = True


def take_down(typed: str, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """Ask, and have this typed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    teardown = Recorded()
    with suppress(SlipwayError):
        _take_down(project.find(ROOT), cast(Teardown, teardown), None, [])
    return teardown


@pytest.mark.parametrize("typed", ["yes\n", "my-app-prod\n", "\n", ""])
def test_another_word_than_the_services_name_destroys_nothing(
    typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not take_down(typed, monkeypatch).destroyed


def test_the_services_name_destroys(monkeypatch: pytest.MonkeyPatch) -> None:
    assert take_down("my-app\n", monkeypatch).destroyed
