"""AWS's own agent and ours play the same revisions, and come to the same: where codedeploy-local is there."""

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from local.rehearsal.codedeploy_agent.agent import SUCCEEDED, Agent, DeploymentSpecification
from local.rehearsal.codedeploy_agent.script import ScriptSettings
from tests.conftest import OUT_OF_REACH
from tests.rehearsals.agent_deployment import deploy

TIMEOUT = 2
EVENTS = ("ValidateService", "AfterInstall", "ApplicationStart", "BeforeInstall", "AfterAllowTraffic")
TELL = 'echo "$LIFECYCLE_EVENT" >>"{trace}"'
SCRIPTS = [{"location": "run.sh"}]
VARIABLES = "compgen -e | grep -E '^(LIFECYCLE|DEPLOYMENT|APPLICATION|BUNDLE)_' | sort >>\"{trace}\""


@dataclass(frozen=True)
class Case:
    """A revision. body: of the script, which writes to {trace}; hooks: the events that run it."""

    body: str = TELL
    hooks: tuple[str, ...] = ("ApplicationStart",)
    mode: int = 0o755
    first: str = "#!/bin/bash\n"
    more: Mapping[str, object] = field(default_factory=dict)


CASES = {
    "good": Case("exit 0"),
    "bad": Case("exit 3"),
    "killed by itself": Case("kill -KILL $$"),
    "leaves a child that holds its output": Case("sleep 4 &"),
    "leaves a child that holds nothing": Case("sleep 4 >/dev/null 2>&1 &"),
    "takes too long": Case("sleep 30"),
    "takes too long, and does not end when told to": Case("trap '' TERM\nsleep 5"),
    "many events, in another order than they are played": Case(hooks=EVENTS),
    "an event that fails ends it": Case(f"{TELL}\n[[ $LIFECYCLE_EVENT != ApplicationStart ]]", hooks=EVENTS),
    "what it is told": Case(VARIABLES),
    "where it runs": Case('{{ [[ -e appspec.yml ]] && echo inside || echo outside; }} >>"{trace}"'),
    "its standard input": Case('{{ read -r -t 1 line && echo "$line" || echo nothing; }} >>"{trace}"'),
    "no run bit": Case(mode=0o644),
    "lines that end as on Windows": Case(first="#!/bin/bash\r\n"),
    "a misspelt event": Case(hooks=("ApplicationStarts",)),
    "another version": Case(more={"version": 1.0}),
    "no such system": Case(more={"os": "plan9"}),
    "an alias": Case(more={"hooks": {"AfterInstall": SCRIPTS, "ApplicationStart": SCRIPTS}}),
    "a script that is not there": Case(more={"hooks": {"ApplicationStart": [{"location": "none.sh"}]}}),
}

PROGRAM = shutil.which("codedeploy-local")
"""AWS's own agent: what it says decides."""


def revision(folder: Path, case: Case, trace: Path) -> Path:
    """Unpacked."""
    folder.mkdir()
    entry = {"location": "run.sh", "timeout": TIMEOUT}
    appspec = {
        "version": 0.0,
        "os": "linux",
        "hooks": {event: [{**entry}] for event in case.hooks},
        **case.more,
    }
    (folder / "appspec.yml").write_text(yaml.safe_dump(appspec, sort_keys=False))
    (folder / "run.sh").write_text(case.first + case.body.format(trace=trace) + "\n")
    (folder / "run.sh").chmod(case.mode)
    return folder


def theirs(program: str, folder: Path, tmp_path: Path) -> bool:
    """Whether AWS's agent says that the deployment succeeded."""
    settings = {f":{name}:": str(tmp_path / name) for name in ("root_dir", "log_dir", "pid_dir")}
    lines = "".join(f"{key} {json.dumps(to)}\n" for key, to in settings.items())
    (tmp_path / "agent.yml").write_text(f"---\n{lines}")
    command = (program, "--bundle-location", folder, "--type", "directory", "-c", tmp_path / "agent.yml")
    return subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0


def ours(folder: Path, tmp_path: Path) -> bool:
    """Whether ours does."""
    agent = Agent(tmp_path / "ours", ScriptSettings({"PATH": os.environ["PATH"]}, after_term=10))
    deployment = DeploymentSpecification(id="d-1", application="my-app", group="my-app-prod", revision=folder)
    return asyncio.run(deploy(agent, deployment)).status == SUCCEEDED


def taken(trace: Path) -> list[str]:
    """What the scripts wrote; it is gone then."""
    lines = trace.read_text().splitlines() if trace.exists() else []
    trace.unlink(missing_ok=True)
    return lines


@pytest.mark.parametrize("name", CASES if PROGRAM else ["every revision"])
def test_codedeploy_local_comes_to_the_same(name: str, tmp_path: Path) -> None:
    if PROGRAM is None:
        pytest.skip(f"{OUT_OF_REACH}codedeploy-local, which comes with CodeDeploy's agent")
    case = CASES[name]
    folder, trace = revision(tmp_path / "revision", case, tmp_path / "trace"), tmp_path / "trace"

    by_them = theirs(PROGRAM, folder, tmp_path), taken(trace)

    assert (ours(folder, tmp_path), taken(trace)) == by_them
