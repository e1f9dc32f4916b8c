"""The first boot, played whole: what each step of user data leaves, and how each failure ends."""

import dataclasses
from pathlib import Path

from constructs_lib.user_data import cloudwatch_agent, docker_daemon, host_env, user_data

import pytest

from tests.constructs_lib.test_user_data import FACTS
from tests.patches import patched
from tests.pretended.first_boot import (
    AGENT,
    DOCKER,
    GROUP,
    HOOK,
    INSTANCE,
    SETTINGS,
    WATCH,
    Booted,
    Machine,
    boot,
)

SCRIPT = user_data(FACTS)
FAILED = "so no release can come to this host"
WITHOUT_LOGS = "warning: the CloudWatch agent does not run"
DISABLED = ":disable_imds_v1: true\n"
COMPLETES = (
    f"aws autoscaling complete-lifecycle-action --region eu-central-1 --auto-scaling-group-name {GROUP}"
    f" --lifecycle-hook-name {HOOK} --instance-id {INSTANCE} --lifecycle-action-result CONTINUE"
)


def all_is_well(booted: Booted) -> None:
    """Every effect that a host needs for its releases; and the same again after a reboot."""
    assert booted.status == 0, booted.said
    assert "slipway: ready for releases\n" in booted.said
    _has_its_files(booted.machine)
    _runs(booted.machine)
    assert [start.count("without Docker") for start in booted.machine.units[AGENT].starts] == [0]
    assert list((booted.machine.root / "tmp").iterdir()) == []
    assert (booted.machine.lifecycle, booted.calls[-1]) == ("InService", COMPLETES)
    assert booted.shipped == ""
    booted.machine.reboot()
    _runs(booted.machine)


def _has_its_files(machine: Machine) -> None:
    assert machine.text("/etc/slipway/host.env") == host_env(FACTS)
    assert machine.text(SETTINGS).endswith(f"\n{DISABLED}")


def _runs(machine: Machine) -> None:
    assert {name for name, unit in machine.units.items() if unit.active} == {DOCKER, WATCH, AGENT}
    assert machine.units[DOCKER].starts[-1] == docker_daemon()
    assert machine.units[WATCH].starts[-1] == cloudwatch_agent(FACTS)
    assert machine.units[AGENT].starts[-1].endswith(DISABLED)


def test_a_fresh_host_becomes_ready_for_releases(tmp_path: Path) -> None:
    booted = boot(tmp_path / "host", SCRIPT)

    all_is_well(booted)
    assert booted.slept == []


SABOTAGES = {
    "Docker is not installed": ("install_packages docker", "install_packages"),
    "the CloudWatch agent is not installed": ("install_packages amazon-cloudwatch-agent", "true"),
    "no Ruby, which the CodeDeploy agent takes": (" ruby3.2", ""),
    "dnf asks": ("dnf --assumeyes --quiet install", "dnf install"),
    "Docker is not started": ("enable --now docker", "enable docker"),
    "Docker is not enabled": ("enable --now docker", "start docker"),
    "the package has another address": ("amazonaws.com/releases/", "amazonaws.com/latest/"),
    "the package is of no region": ("aws-codedeploy-${region}", "aws-codedeploy"),
    "the package may take for ever": (" --max-time 120", ""),
    "the package stays": ('rm --force "${package}"', ":"),
    "the agent is not installed": ('install_codedeploy_agent "${REGION:?}"', ":"),
    "the agent asks for metadata by IMDSv1": ("\nconfigure_codedeploy_agent\n", "\n"),
    "the agent is not enabled": ("systemctl enable codedeploy-agent", ":"),
    "the agent is not restarted": ("systemctl restart codedeploy-agent", ":"),
    "the agent is not let start": ("touch /etc/slipway/ready", ":"),
    "the agent may start before all is done": ("ConditionPathExists=/etc/slipway/ready\n", ""),
    "the agent starts before Docker at a reboot": ("After=docker.service\n", ""),
    "systemd does not read the agent's drop-in": ("systemctl daemon-reload", ":"),
    "the CloudWatch agent's configuration lies elsewhere": (
        "file:/etc/slipway/cloudwatch-agent.json",
        "file:/etc/slipway/cloudwatch.json",
    ),
    "the CloudWatch agent is not started": ("-m ec2 -s -c", "-m ec2 -c"),
    "the CloudWatch agent is told of another place": ("-m ec2", "-m onPremise"),
    "logs go nowhere": ("\nstart_logging ||", "\n: ||"),
    "the launch hook is not completed": ("\ncomplete_launch\n", "\n"),
    "the launch hook is completed before the host is ready": (
        'say "starting Docker"\n',
        'complete_launch\nsay "starting Docker"\n',
    ),
    "the host is given up": ("--lifecycle-action-result CONTINUE", "--lifecycle-action-result ABANDON"),
    "Auto Scaling may be waited for for ever": (
        "timeout --foreground --kill-after=5 20 aws autoscaling complete",
        "aws autoscaling complete",
    ),
    "Docker starts before its configuration": ("/etc/docker/daemon.json", "/etc/docker/docker.json"),
    "the facts are written elsewhere": (
        "write 0644 /etc/slipway/host.env <<",
        "write 0644 /etc/slipway/facts.env <<",
    ),
}


@pytest.mark.parametrize("mistake", SABOTAGES)
def test_a_mistake_in_the_script_is_noticed(mistake: str, tmp_path: Path) -> None:
    script = patched(SCRIPT, *SABOTAGES[mistake])

    with pytest.raises(AssertionError):
        all_is_well(boot(tmp_path / "host", script))


STEPS = {
    "dnf": "dnf --assumeyes --quiet install docker",
    "Docker": "systemctl enable --now docker",
    "curl": "curl",
    "the package": "dnf .*rpm",
    "the agent": "systemctl restart codedeploy-agent",
}
TRIED_AGAIN = {"dnf", "curl", "the package"}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_ends_the_script_before_a_release_can_come(step: str, tmp_path: Path) -> None:
    booted = boot(tmp_path / "host", SCRIPT, faults={f"^{STEPS[step]}": 1000})

    assert booted.status != 0
    assert FAILED in booted.said
    assert "ready for releases" not in booted.said
    assert booted.slept == ([5, 10, 20, 40] if step in TRIED_AGAIN else [])
    assert not booted.machine.units.get(AGENT) or not booted.machine.units[AGENT].starts


@pytest.mark.parametrize("step", STEPS)
def test_a_boot_that_fails_ships_its_log_and_leaves_the_host_to_the_hooks_time(
    step: str, tmp_path: Path
) -> None:
    """To give the host up at once would start the next one at once, and so on, all day."""
    booted = boot(tmp_path / "host", SCRIPT, faults={f"^{STEPS[step]}": 1000})

    assert FAILED in booted.shipped
    assert booted.shipped == booted.said
    assert booted.machine.lifecycle == "Pending:Wait"
    assert not [call for call in booted.calls if "complete-lifecycle-action" in call]
    after = [call.split()[:3] for call in booted.calls[-2:]]
    assert after == [["aws", "logs", "create-log-stream"], ["aws", "logs", "put-log-events"]]


@pytest.mark.parametrize(
    "mistake", [("trap finish EXIT", ":"), ('"${OUTPUT}" | python3', '"/dev/null" | python3')]
)
def test_a_log_that_is_not_shipped_is_noticed(mistake: tuple[str, str], tmp_path: Path) -> None:
    booted = boot(tmp_path / "host", patched(SCRIPT, *mistake), faults={"^curl": 1000})

    assert FAILED not in booted.shipped


def test_a_log_that_cannot_be_shipped_is_a_warning_and_the_script_ends_as_it_would(tmp_path: Path) -> None:
    booted = boot(tmp_path / "host", SCRIPT, faults={"^curl": 1000, "^aws logs": 1000})

    assert booted.status != 0
    assert booted.said.endswith("slipway: warning: this log could not be sent to CloudWatch\n")
    assert booted.slept == [5, 10, 20, 40, 5, 10]


LOGGING = {
    "the agent's package": "dnf .*amazon-cloudwatch-agent",
    "the agent's start": ".*amazon-cloudwatch-agent-ctl",
}


@pytest.mark.parametrize("step", LOGGING)
def test_a_host_whose_logs_cannot_be_sent_becomes_ready_and_says_so(step: str, tmp_path: Path) -> None:
    booted = boot(tmp_path / "host", SCRIPT, faults={f"^{LOGGING[step]}": 1000})

    assert booted.status == 0
    assert booted.machine.lifecycle == "InService"
    assert booted.machine.units[AGENT].active
    assert WITHOUT_LOGS in booted.shipped
    ended = patched(SCRIPT, "start_logging ||", "start_logging; true ||")
    assert boot(tmp_path / "ended", ended, faults={f"^{LOGGING[step]}": 1000}).status != 0


def test_the_hook_is_tried_until_its_turn_has_come(tmp_path: Path) -> None:
    booted = boot(tmp_path / "host", SCRIPT, later=30)

    all_is_well(booted)
    assert booted.slept == [15] * 30


def test_a_host_that_waits_for_nothing_is_ready_at_once(tmp_path: Path) -> None:
    for lifecycle in ("InService", ""):
        booted = boot(tmp_path / f"host-{lifecycle}", SCRIPT, lifecycle=lifecycle)
        assert (booted.status, booted.slept) == (0, [])
        assert "complete-lifecycle-action" not in " ".join(booted.calls)


@pytest.mark.parametrize("refused", ["complete-lifecycle-action", "describe-auto-scaling-instances"])
def test_a_hook_that_cannot_be_completed_is_a_failure_that_is_shipped(refused: str, tmp_path: Path) -> None:
    once = boot(tmp_path / "once", SCRIPT, faults={f"^aws autoscaling {refused}": 3})
    all_is_well(once)

    booted = boot(tmp_path / "host", SCRIPT, faults={f"^aws autoscaling {refused}": 1000})
    assert booted.status != 0
    assert sum(booted.slept) == 20 * 60
    assert f"{FAILED}: return 1" in booted.shipped


@pytest.mark.parametrize("step", sorted(TRIED_AGAIN))
def test_a_step_that_others_may_fail_is_tried_again(step: str, tmp_path: Path) -> None:
    booted = boot(tmp_path / "host", SCRIPT, faults={f"^{STEPS[step]}": 4})

    all_is_well(booted)
    assert booted.slept == [5, 10, 20, 40]


@pytest.mark.parametrize("step", sorted(TRIED_AGAIN))
def test_a_step_that_is_not_tried_again_is_noticed(step: str, tmp_path: Path) -> None:
    begins = {
        "dnf": "retry 5 install_packages docker",
        "curl": "retry 5 curl",
        "the package": 'retry 5 install_packages "',
    }[step]
    script = patched(SCRIPT, begins, begins.removeprefix("retry 5 "))

    with pytest.raises(AssertionError):
        all_is_well(boot(tmp_path / "host", script, faults={f"^{STEPS[step]}": 1}))


def test_a_host_with_agent_2_becomes_ready_too_and_has_no_ruby(tmp_path: Path) -> None:
    script = user_data(dataclasses.replace(FACTS, codedeploy_agent="2.1.0-9745926189"))

    booted = boot(tmp_path / "host", script)

    all_is_well(booted)
    assert booted.machine.packages == ["docker", "amazon-cloudwatch-agent"]


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        ("deaf", "timeout --foreground --kill-after=5 60 docker info >/dev/null"),
        ("dies", "systemctl is-active --quiet codedeploy-agent"),
    ],
)
def test_what_was_started_and_does_not_work_is_a_failure(wrong: str, check: str, tmp_path: Path) -> None:
    booted = boot(tmp_path / "host", SCRIPT, deaf=wrong == "deaf", dies=wrong == "dies")

    assert booted.status != 0
    assert f"{FAILED}: {check.removesuffix(' >/dev/null')}" in booted.said
    unchecked = boot(
        tmp_path / "unchecked", patched(SCRIPT, check, ":"), deaf=wrong == "deaf", dies=wrong == "dies"
    )
    assert unchecked.status == 0  # so this is what notices


def test_a_download_that_is_an_error_page_is_not_installed(tmp_path: Path) -> None:
    elsewhere = patched(SCRIPT, "amazonaws.com/releases/", "amazonaws.com/latest/")

    booted = boot(tmp_path / "host", elsewhere)

    assert "Could not open" not in booted.said
    unchecked = boot(tmp_path / "unchecked", patched(elsewhere, "--fail ", ""))
    assert "Could not open" in unchecked.said  # so --fail is what notices
