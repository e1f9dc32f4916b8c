"""The files that go into a revision are such that CodeDeploy's agent can run them."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "scripts").glob("*.sh"))
# Read as YAML alone, so that these tests need nothing but the scripts: tests/local has the agent's rules.
HOOKS = [
    each for event in yaml.safe_load((ROOT / "appspec.yml").read_text())["hooks"].values() for each in event
]
each_script = pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])


def test_a_revision_has_three_hooks_and_what_they_share() -> None:
    assert [script.name for script in SCRIPTS] == ["health_check.sh", "lib.sh", "start_server.sh", "watch.sh"]


def test_every_hook_of_appspec_is_there_and_can_be_run() -> None:
    assert len(HOOKS) == 3
    for hook in HOOKS:
        assert os.access(ROOT / hook["location"], os.X_OK), hook["location"]


@each_script
def test_bash_can_parse_it(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)


@each_script
def test_its_lines_end_as_on_linux(script: Path) -> None:
    assert b"\r" not in script.read_bytes()


@each_script
def test_it_names_no_image_by_a_tag_that_moves(script: Path) -> None:
    assert "latest" not in script.read_text()


@pytest.mark.parametrize(
    "script", [each for each in SCRIPTS if each.name != "lib.sh"], ids=lambda each: each.name
)
def test_it_is_not_run_below_su_which_would_cut_its_way_back_short(script: Path) -> None:
    (mine,) = (hook for hook in HOOKS if hook["location"].endswith(script.name))
    assert "runas" not in mine
