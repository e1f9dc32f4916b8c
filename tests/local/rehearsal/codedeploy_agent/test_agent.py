"""Revisions are deployed to a host as CodeDeploy's agent deploys them; scripts are real, and do little."""

import asyncio
import os
import re
import signal
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from local.rehearsal.codedeploy_agent.agent import (
    FAILED,
    SKIPPED,
    SUCCEEDED,
    Agent,
    DeploymentSpecification,
)
from local.rehearsal.codedeploy_agent.script import ScriptSettings
from tests.rehearsals.agent_deployment import Ended, deploy
from tests.waiting import wait_until

ENVIRONMENT = {"PATH": os.environ["PATH"], "OF_THE_HOST": "yes"}
Scripts = Mapping[str, str]


def revision(folder: Path, hooks: Mapping[str, object], scripts: Scripts) -> Path:
    """An unpacked revision: hooks map events to scripts' names or to whole entries."""
    folder.mkdir(parents=True)
    entries = {
        event: [{"location": script, "timeout": 20} if isinstance(script, str) else script]
        for event, script in hooks.items()
    }
    (folder / "appspec.yml").write_text(yaml.safe_dump({"version": 0.0, "os": "linux", "hooks": entries}))
    for name, content in scripts.items():
        (folder / name).write_text(content)
        (folder / name).chmod(0o755)
    return folder


def script(body: str) -> str:
    return f"#!/bin/bash\n{body}\n"


class Host:
    """An agent, and what its deployments have said."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard: list[str] = []
        self.agent = Agent(
            path / "root", ScriptSettings(ENVIRONMENT, on_line=self.heard.append, after_term=10)
        )
        self.count = 0

    def deploy(
        self, hooks: Mapping[str, object], scripts: Scripts, bundle: Path | None = None, **more: str
    ) -> Ended:
        self.count += 1
        folder = bundle or revision(self.path / f"revision-{self.count}", hooks, scripts)
        deployment = DeploymentSpecification(
            id=f"d-{self.count}", application="my-app", group="my-app-prod", revision=folder, **more
        )
        return asyncio.run(deploy(self.agent, deployment))

    def start(self, body: str, timeout: int = 20) -> Ended:
        """A deployment with one script."""
        entry = {"location": "start.sh", "timeout": timeout}
        return self.deploy({"ApplicationStart": entry}, {"start.sh": script(body)})

    def log(self) -> str:
        return (self.path / f"root/dg/d-{self.count}/logs/scripts.log").read_text()


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def statuses(ended: Ended) -> dict[str, str]:
    return {event.name: event.status for event in ended.events}


def test_events_come_in_codedeploys_order(host: Host, tmp_path: Path) -> None:
    events = ("AfterAllowTraffic", "ValidateService", "ApplicationStart", "AfterInstall", "BeforeInstall")
    told = script(f'echo "$LIFECYCLE_EVENT" >>{tmp_path}/told')

    ended = host.deploy(dict.fromkeys(events, "tell.sh"), {"tell.sh": told})

    assert ended.status == SUCCEEDED
    assert (tmp_path / "told").read_text().split() == [
        *("BeforeInstall", "AfterInstall", "ApplicationStart", "ValidateService", "AfterAllowTraffic")
    ]


def test_a_script_is_told_its_deployment_and_inherits_the_hosts_environment(host: Host) -> None:
    host.deploy(
        {"ApplicationStart": "env.sh"},
        {"env.sh": script("env")},
        bucket="artifacts",
        key="revisions/abc.zip",
        version="v1",
        etag="e1",
    )

    said = {line.removeprefix("[stdout]") for line in host.heard}
    assert said >= {
        "LIFECYCLE_EVENT=ApplicationStart",
        "DEPLOYMENT_ID=d-1",
        "APPLICATION_NAME=my-app",
        "DEPLOYMENT_GROUP_NAME=my-app-prod",
        "DEPLOYMENT_GROUP_ID=dg",
        "BUNDLE_BUCKET=artifacts",
        "BUNDLE_KEY=revisions/abc.zip",
        "BUNDLE_VERSION=v1",
        "BUNDLE_ETAG=e1",
        "OF_THE_HOST=yes",
    }


def test_a_script_is_not_run_where_the_revision_is(host: Host) -> None:
    host.start("pwd")

    assert "[stdout]/" in host.heard


def test_standard_input_is_a_pipe_that_is_closed(host: Host) -> None:
    host.start('cat; echo "ended: $?"; [[ -p /dev/stdin ]] && echo a pipe')

    assert host.heard[-2:] == ["[stdout]ended: 0", "[stdout]a pipe"]


def test_the_log_has_events_scripts_and_lines_with_their_times(host: Host) -> None:
    host.start("echo out; echo err >&2")

    times = re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", host.log(), re.MULTILINE)
    lines = [line[20:] for line in host.log().splitlines()]
    assert len(times) == len(lines)
    assert lines[:2] == ["LifecycleEvent - ApplicationStart", "Script - start.sh"]
    assert sorted(lines[2:]) == ["[stderr]err", "[stdout]out"]


def test_a_script_that_fails_fails_the_deployment_and_skips_the_rest(host: Host) -> None:
    ended = host.deploy(
        {"ApplicationStart": "bad.sh", "ValidateService": "good.sh"},
        {"bad.sh": script("exit 3"), "good.sh": script("echo validated")},
    )

    assert ended.status == FAILED
    assert statuses(ended)["ApplicationStart"] == FAILED
    assert statuses(ended)["ValidateService"] == statuses(ended)["AllowTraffic"] == SKIPPED
    assert ended.failed is not None
    assert ended.failed.message == "Script at specified location: bad.sh failed with exit code 3"
    assert "[stdout]validated" not in host.heard


def test_the_second_script_of_an_event_does_not_run_if_the_first_fails(host: Host, tmp_path: Path) -> None:
    folder = revision(tmp_path / "two", {}, {"a.sh": script("false"), "b.sh": script("echo never")})
    hooks = {"ApplicationStart": [{"location": "a.sh"}, {"location": "b.sh"}]}
    (folder / "appspec.yml").write_text(yaml.safe_dump({"version": 0.0, "os": "linux", "hooks": hooks}))

    assert host.deploy({}, {}, folder).status == FAILED
    assert "[stdout]never" not in host.heard


def test_a_script_that_a_signal_ends_fails(host: Host) -> None:
    ended = host.start("kill -KILL $$")

    assert ended.failed is not None
    assert ended.failed.message == "Script at specified location: start.sh failed with exit code "


def test_a_script_that_is_not_there_fails(host: Host) -> None:
    ended = host.deploy({"ApplicationStart": "missing.sh"}, {})

    assert ended.failed is not None
    assert ended.failed.message.startswith("Script does not exist at specified location: ")


def test_a_missing_run_bit_is_repaired_with_a_warning(host: Host, tmp_path: Path) -> None:
    folder = revision(tmp_path / "bits", {"ApplicationStart": "a.sh"}, {"a.sh": script("echo ran")})
    (folder / "a.sh").chmod(0o644)

    assert host.deploy({}, {}, folder).status == SUCCEEDED
    assert host.heard[-1] == "[stdout]ran"
    assert any(line.startswith("WARN ") and "is not executable" in line for line in host.heard)
    assert "is not executable" not in host.log()


def test_lines_that_end_as_on_windows_fail_with_127(host: Host) -> None:
    ended = host.deploy({"ApplicationStart": "a.sh"}, {"a.sh": "#!/usr/bin/env bash\r\necho never\r\n"})

    assert ended.failed is not None
    assert ended.failed.message.endswith("failed with exit code 127")


def test_an_interpreter_that_is_not_there_fails(host: Host) -> None:
    ended = host.deploy({"ApplicationStart": "a.sh"}, {"a.sh": "#!/bin/bash\r\necho never\r\n"})

    assert ended.failed is not None
    assert "No such file or directory" in ended.failed.message


def test_a_script_without_interpreter_is_the_shells(host: Host) -> None:
    assert host.deploy({"ApplicationStart": "a.sh"}, {"a.sh": "echo ran\n"}).status == SUCCEEDED
    assert host.heard[-1] == "[stdout]ran"


def test_a_script_whose_time_is_up_is_told_with_all_that_it_started(host: Host, tmp_path: Path) -> None:
    ended = host.start(
        f"sleep 60 & echo $! >{tmp_path}/child; trap 'echo told >{tmp_path}/told; exit' TERM; wait", 2
    )

    assert ended.failed is not None
    assert ended.failed.message == "Script at specified location: start.sh failed to complete in 2 seconds"
    assert (tmp_path / "told").read_text() == "told\n"
    child = int((tmp_path / "child").read_text())
    wait_until(lambda: is_gone(child), "the end of the script's child")


def test_nobody_listens_any_more_to_a_script_whose_time_is_up(host: Host, tmp_path: Path) -> None:
    body = "trap '' PIPE\ntrap 'sleep 0.2; echo heard || echo deaf >%s/told; exit' TERM\nsleep 60 & wait"

    host.start(body % tmp_path, 2)

    assert (tmp_path / "told").read_text() == "deaf\n"


def test_a_script_that_does_not_end_when_told_is_killed_in_the_end(tmp_path: Path) -> None:
    host = Host(tmp_path)
    host.agent = Agent(tmp_path / "root", ScriptSettings(ENVIRONMENT, after_term=0.2))

    ended = host.start(f"trap '' TERM; echo $$ >{tmp_path}/self; while true; do sleep 0.1; done", 1)

    assert ended.status == FAILED
    script = int((tmp_path / "self").read_text())
    wait_until(lambda: is_gone(script), "the end of the script")


def test_a_child_that_holds_standard_output_fails_the_hook(host: Host, tmp_path: Path) -> None:
    ended = host.start(f"sleep 60 & echo $! >{tmp_path}/child", 1)

    os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)
    assert ended.failed is not None
    assert ended.failed.message == "Script at specified location: start.sh failed to close STDOUT"


def test_a_child_that_holds_nothing_is_none_of_the_agents_business(host: Host, tmp_path: Path) -> None:
    ended = host.start(f"sleep 60 >/dev/null 2>&1 & echo $! >{tmp_path}/child")

    os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)
    assert ended.status == SUCCEEDED


def test_a_misspelt_event_fails_at_install_and_not_before(host: Host) -> None:
    ended = host.deploy(
        {"ApplicationStarted": "a.sh", "BeforeInstall": "a.sh"}, {"a.sh": script("echo before")}
    )

    assert statuses(ended)["BeforeInstall"] == SUCCEEDED
    assert ended.failed is not None
    assert ended.failed.name == "Install"
    assert "unknown lifecycle events: ['ApplicationStarted']" in ended.failed.message


def test_application_stop_is_the_script_of_the_revision_that_was_installed_last(host: Host) -> None:
    first = host.deploy({"ApplicationStop": "stop.sh"}, {"stop.sh": script("echo the first stops")})
    assert "[stdout]the first stops" not in host.heard, "nothing was installed yet"

    host.deploy({"ApplicationStop": "stop.sh"}, {"stop.sh": script("echo the second stops")})

    assert first.status == SUCCEEDED
    assert host.heard[-1] == "[stdout]the first stops"


def test_a_bad_application_stop_blocks_every_later_deployment(host: Host) -> None:
    host.deploy({"ApplicationStop": "stop.sh"}, {"stop.sh": script("exit 1")})

    for _ in range(2):
        ended = host.deploy({}, {})
        assert ended.failed is not None
        assert ended.failed.name == "ApplicationStop"


def test_a_zip_is_unpacked_with_its_modes(host: Host, tmp_path: Path) -> None:
    folder = revision(tmp_path / "zipped", {"ApplicationStart": "a.sh"}, {"a.sh": script("echo unpacked")})
    with zipfile.ZipFile(tmp_path / "revision.zip", "w") as bundle:
        for path in folder.iterdir():
            bundle.write(path, path.name)

    assert host.deploy({}, {}, tmp_path / "revision.zip").status == SUCCEEDED
    assert host.heard[-1] == "[stdout]unpacked"
    assert not any(line.startswith("WARN") for line in host.heard)


def test_what_is_no_revision_fails_at_download(host: Host, tmp_path: Path) -> None:
    (tmp_path / "revision.zip").write_text("<Error>AccessDenied</Error>")

    ended = host.deploy({}, {}, tmp_path / "revision.zip")

    assert ended.failed is not None
    assert ended.failed.name == "DownloadBundle"


def test_a_revision_without_appspec_fails(host: Host, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert host.deploy({}, {}, tmp_path / "empty").status == FAILED


def test_the_console_shows_the_last_lines_that_fit_into_2048_characters(host: Host) -> None:
    ended = host.start("for i in {1..300}; do echo line $i of many; done; sleep 0.1; exit 1")

    assert ended.failed is not None
    assert ended.failed.log.endswith("[stdout]line 300 of many\n")
    assert 1900 < len(ended.failed.log) < 2048


def is_gone(pid: int) -> bool:
    """Whether no process has this id, or only a zombie has it."""
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


BROKEN = r"""printf 'first\nK\xc3\xb6ln\n caf\xe9 \n'; sleep 0.3; printf 'last\n'"""


def test_a_line_that_is_not_utf_8_costs_agent_1_the_diagnosis_and_the_deployment(host: Host) -> None:
    ended = host.start(f"{BROKEN}; exit 0")

    assert ended.failed is not None
    assert ended.failed.message.endswith(
        "failed with error ArgumentError with message invalid byte sequence in UTF-8"
    )
    assert ended.failed.log == "Exception JSON::GeneratorError occured"
    assert "[stdout]last" not in host.heard


def test_a_line_that_is_not_utf_8_is_where_agent_2_stops_listening(host: Host, tmp_path: Path) -> None:
    host.agent = Agent(tmp_path / "root", ScriptSettings(ENVIRONMENT, major=2))

    ended = host.start(f"trap '' PIPE; exec 2>/dev/null; {BROKEN}; exit 3")

    assert ended.failed is not None
    assert ended.failed.message.endswith("failed with exit code 3")
    assert ended.failed.log.endswith("[stdout]first\n[stdout]Köln\n")


def test_after_that_agent_1_lets_whoever_fills_the_pipe_wait_until_time_is_up(host: Host) -> None:
    ended = host.start(f"{BROKEN}; printf '%0300000d\n' 0; echo never reached >&2", timeout=2)

    assert ended.failed is not None
    assert ended.failed.message.endswith("failed to complete in 2 seconds")
    assert "never reached" not in "".join(host.heard)


def test_agent_2_kills_what_has_not_ended_five_seconds_after_it_was_told(host: Host, tmp_path: Path) -> None:
    assert ScriptSettings(ENVIRONMENT, major=2).patience == 5
    host.agent = Agent(tmp_path / "root", ScriptSettings(ENVIRONMENT, major=2, after_term=0.5))

    ended = host.start(f"trap 'sleep 1; touch {tmp_path}/healed' TERM; sleep 60 & wait", timeout=1)

    assert ended.failed is not None
    assert not (tmp_path / "healed").exists()
