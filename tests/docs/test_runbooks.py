"""Every alarm has its runbook, and every runbook its alarm."""

import re
from typing import Any

import pytest

from tests.docs.pages import LINK, ROOT
from tests.settings import demo
from tests.synthesis import synthesised

RUNBOOKS = ROOT / "docs" / "runbooks"
NOT_ALARMS = {"README", "rollback-by-hand", "state-lock"}


def alarms() -> dict[str, Any]:
    """Every alarm of the demo's staging environment: its name without the environment, its resource."""
    names = demo().service + "-staging-"
    return {
        resource["alarm_name"].removeprefix(names): resource
        for resource in synthesised("demo").resources("aws_cloudwatch_metric_alarm")
        if resource["alarm_name"].startswith(names)
    }


def test_every_alarm_has_its_runbook_and_every_runbook_its_alarm() -> None:
    assert {page.stem for page in RUNBOOKS.glob("*.md")} - NOT_ALARMS == alarms().keys()


def test_every_alarm_points_to_a_page_that_is_there() -> None:
    for alarm in alarms().values():
        page = alarm["alarm_description"].rsplit("docs/runbooks/", 1)[1]
        assert (RUNBOOKS / page).is_file(), alarm["alarm_description"]


@pytest.mark.parametrize("page", sorted({path.stem for path in RUNBOOKS.glob("*.md")} - NOT_ALARMS))
def test_every_runbook_says_what_is_seen_where_to_look_why_and_the_way_back(page: str) -> None:
    text = (RUNBOOKS / f"{page}.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
        "Symptom",
        "First look",
        "Likely causes",
        "Way back",
    ]


def test_every_runbook_is_in_the_index() -> None:
    index = LINK.findall((RUNBOOKS / "README.md").read_text(encoding="utf-8"))
    assert {page.name for page in RUNBOOKS.glob("*.md")} - {"README.md"} <= set(index)
