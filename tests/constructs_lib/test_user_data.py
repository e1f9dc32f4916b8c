import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

from constructs_lib.user_data import (
    LIMIT_BYTES,
    HostFacts,
    cloudwatch_agent,
    docker_daemon,
    host_env,
    user_data,
)

import pytest

from tests.patches import patched

FACTS = HostFacts(
    service="my-app",
    environment="staging",
    region="eu-central-1",
    registry="123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    repository="my-app",
    port=8080,
    app_log_group="/my-app/staging/app",
    agent_log_group="/my-app/staging/agent",
    deployment_log_group="/my-app/staging/deployments",
    parameter_path="/my-app/staging",
    architecture="x86_64",
    aws_access=False,
    codedeploy_agent="1.8.1-26",
    launch_hook="first-boot",
)
SHELLCHECK = Path(sys.executable).parent / "shellcheck"
HOSTILE = """/a b/$(touch pwned)/`touch pwned`/'; touch pwned; '"/${HOME}/\\/*&|<>"""


def sourced(text: str, tmp_path: Path) -> dict[str, str]:
    """What a shell has after it read the text, by name."""
    (tmp_path / "host.env").write_text(text, encoding="utf-8")
    names = [line.split("=")[0] for line in text.splitlines()]
    script = "set -eu; source ./host.env; " + " ".join(f'printf "%s\\0" "${{{name}}}";' for name in names)
    said = subprocess.run(["bash", "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True)
    return dict(zip(names, said.stdout.split("\0"), strict=False))


def steps(script: str) -> str:
    """The script after its functions and files: what is done, in order."""
    return script.split("source /etc/slipway/host.env")[1]


def written(script: str, path: str) -> str:
    """The file that the script writes at a path."""
    return script.split(f"write 0644 {path} <<'END_OF_FILE'\n")[1].split("END_OF_FILE\n", maxsplit=1)[0]


def test_a_shell_reads_the_facts_as_they_are(tmp_path: Path) -> None:
    assert sourced(host_env(FACTS), tmp_path) == {
        "SERVICE": "my-app",
        "ENVIRONMENT": "staging",
        "REGION": "eu-central-1",
        "REGISTRY": "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
        "REPOSITORY": "my-app",
        "HOST_PORT": "8080",
        "APP_LOG_GROUP": "/my-app/staging/app",
        "AGENT_LOG_GROUP": "/my-app/staging/agent",
        "PARAMETER_PATH": "/my-app/staging",
        "ARCHITECTURE": "x86_64",
        "AWS_ACCESS": "false",
        "LAUNCH_HOOK": "first-boot",
    }


def test_nothing_in_a_fact_is_run(tmp_path: Path) -> None:
    facts = dataclasses.replace(FACTS, parameter_path=HOSTILE)

    assert sourced(host_env(facts), tmp_path)["PARAMETER_PATH"] == HOSTILE
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("value", ["/a\nEND_OF_FILE\nreboot", "/a\r", "/a\0"])
def test_a_fact_that_is_not_one_line_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="PARAMETER_PATH must be one printable line, received"):
        user_data(dataclasses.replace(FACTS, parameter_path=value))


def test_user_data_that_ec2_would_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match=f"at most {LIMIT_BYTES} bytes, received"):
        user_data(dataclasses.replace(FACTS, parameter_path="/" + "a" * LIMIT_BYTES))


def test_the_same_facts_give_the_same_script() -> None:
    assert user_data(FACTS) == user_data(dataclasses.replace(FACTS))


def test_cloud_init_recognises_a_script() -> None:
    assert user_data(FACTS).startswith("#!/bin/bash\n")


@pytest.mark.parametrize("parameter_path", ["/my-app/prod", HOSTILE])
def test_the_script_is_sound_to_bash_and_shellcheck(parameter_path: str, tmp_path: Path) -> None:
    script = tmp_path / "user-data.sh"
    script.write_text(user_data(dataclasses.replace(FACTS, parameter_path=parameter_path)), encoding="utf-8")

    subprocess.run(["bash", "-n", str(script)], check=True)
    checked = subprocess.run(
        [str(SHELLCHECK), "--enable=all", "--exclude=SC2310,SC2312", str(script)],  # as .shellcheckrc says
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


def test_docker_runs_before_the_codedeploy_agent_is_there_and_the_agent_starts_last() -> None:
    done = steps(user_data(FACTS))

    order = [
        "start_logging",
        "start_docker",
        "install_codedeploy_agent",
        "start_codedeploy_agent",
        "ready for",
    ]
    assert sorted(order, key=done.index) == order


def test_systemd_starts_the_agent_after_docker_and_not_before_the_script_is_done() -> None:
    script = user_data(FACTS)
    unit = written(script, "/etc/systemd/system/codedeploy-agent.service.d/slipway.conf")

    assert "After=docker.service" in unit
    assert "ConditionPathExists=/etc/slipway/ready" in unit
    assert "touch /etc/slipway/ready" in script


def test_each_file_that_the_script_writes_is_what_was_rendered() -> None:
    script = user_data(FACTS)

    assert written(script, "/etc/slipway/host.env") == host_env(FACTS)
    assert written(script, "/etc/slipway/cloudwatch-agent.json") == cloudwatch_agent(FACTS)
    assert written(script, "/etc/docker/daemon.json") == docker_daemon()


def test_agent_cloud_init_and_deployments_are_logged_to_their_groups_each_host_apart() -> None:
    files = json.loads(cloudwatch_agent(FACTS))["logs"]["logs_collected"]["files"]["collect_list"]

    assert [(file["file_path"].rsplit("/")[-1], file["log_group_name"]) for file in files] == [
        ("cloud-init-output.log", "/my-app/staging/agent"),
        ("codedeploy-agent.log", "/my-app/staging/agent"),
        ("codedeploy-agent-deployments.log", "/my-app/staging/deployments"),
    ]
    assert all(file["log_stream_name"].startswith("{instance_id}/") for file in files)
    assert len({file["log_stream_name"] for file in files}) == len(files)


def test_docker_stops_containers_when_the_host_ends_and_their_logs_do_not_fill_the_disk() -> None:
    daemon = json.loads(docker_daemon())

    assert "live-restore" not in daemon, "with it they are killed at shutdown: moby issue 31547"
    assert daemon["log-opts"] == {"max-size": "10m", "max-file": "3"}


def functions(tmp_path: Path) -> str:
    """The script's functions, with a host that is a directory and a clock that does not wait."""
    own = user_data(FACTS).split("write 0644 /etc/slipway/host.env")[0]
    return f'cd {tmp_path}\nsleep() {{ echo "slept ${{1}}"; }}\n{own}'


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", script], check=False, capture_output=True, text=True)


def test_what_fails_is_tried_five_times_with_longer_and_longer_waits(tmp_path: Path) -> None:
    said = run(functions(tmp_path) + "retry 5 false\necho went on")

    assert said.returncode == 1
    assert [line for line in said.stdout.splitlines() if line.startswith("slept")] == [
        "slept 5",
        "slept 10",
        "slept 20",
        "slept 40",
    ]
    assert "went on" not in said.stdout


def test_what_succeeds_at_last_lets_the_script_go_on(tmp_path: Path) -> None:
    flaky = "flaky() { echo try >>tries; (($(wc --lines <tries) == 3)); }\n"

    said = run(functions(tmp_path) + flaky + "retry 5 flaky\necho went on")

    assert said.returncode == 0
    assert said.stdout.endswith("went on\n")


def test_a_failure_says_the_command_and_that_no_release_can_come(tmp_path: Path) -> None:
    said = run(functions(tmp_path) + "ls /nowhere\n")

    assert said.returncode != 0
    assert "so no release can come to this host: ls /nowhere" in said.stderr


def test_a_file_is_written_with_its_directory_and_mode(tmp_path: Path) -> None:
    said = run(functions(tmp_path) + "write 0640 etc/new/file <<'END'\n${HOME}\nEND\n")

    assert said.returncode == 0, said.stderr
    assert (tmp_path / "etc/new/file").read_text() == "${HOME}\n"
    assert (tmp_path / "etc/new/file").stat().st_mode & 0o777 == 0o640


def test_the_agent_asks_for_metadata_by_imdsv2_only(tmp_path: Path) -> None:
    settings = tmp_path / "agent.yml"
    settings.write_text(":max_revisions: 5\n:disable_imds_v1: false")
    configure = patched(functions(tmp_path), "/etc/codedeploy-agent/conf/codedeployagent.yml", str(settings))

    for _ in range(2):
        said = run(configure + "configure_codedeploy_agent")
        assert said.returncode == 0, said.stderr

    lines = [line for line in settings.read_text().splitlines() if line]
    assert lines == [":max_revisions: 5", ":disable_imds_v1: true"]


@pytest.mark.parametrize("version", ["1.8.1-26", "2.1.0-9745926189"])
def test_by_endpoints_the_agent_signs_its_requests(tmp_path: Path, version: str) -> None:
    settings = tmp_path / "agent.yml"
    settings.write_text(":enable_auth_policy: false\n:max_revisions: 5\n")
    script = user_data(dataclasses.replace(FACTS, endpoints=True, codedeploy_agent=version))
    script = script.split("\n# The package starts the agent by itself.")[0]
    configure = patched(script, "/etc/codedeploy-agent/conf/codedeployagent.yml", str(settings))

    for _ in range(2):
        said = run(configure + "\nconfigure_codedeploy_agent")
        assert said.returncode == 0, said.stderr

    lines = [line for line in settings.read_text().splitlines() if line]
    assert lines == [":max_revisions: 5", ":disable_imds_v1: true", ":enable_auth_policy: true"]


def test_without_endpoints_the_agents_settings_say_nothing_of_it() -> None:
    script = user_data(FACTS)

    assert "auth_policy" not in script
    assert "@agent settings@" not in script


@pytest.mark.parametrize(
    ("version", "architecture", "package"),
    [
        ("1.8.1-26", "arm64", "codedeploy-agent-1.8.1-26.noarch.rpm"),
        ("2.1.0-9745926189", "arm64", "codedeploy-agent-2.1.0-9745926189.aarch64.rpm"),
        ("2.1.0-9745926189", "x86_64", "codedeploy-agent-2.1.0-9745926189.x86_64.rpm"),
    ],
)
def test_the_agent_is_a_certain_one(
    version: str, architecture: Literal["x86_64", "arm64"], package: str
) -> None:
    script = user_data(dataclasses.replace(FACTS, codedeploy_agent=version, architecture=architecture))

    assert f"amazonaws.com/releases/{package}" in script
    assert ("ruby3.2" in script) == version.startswith("1.")
    assert "/latest" not in script
