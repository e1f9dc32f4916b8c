"""A host whose first boot fails: what is said of it while it waits, and once it was given up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from moto.autoscaling.models import autoscaling_backends

from local.emulator.gaps.autoscaling_hooks import take_boots, take_waits
from slipway.doctor import hosts as doctor
from slipway.hosts import read, table
from slipway.status import environment
from slipway.status.survey import Survey
from tests.settings import ACCOUNT
from tests.slipway.accounts import REGION
from tests.slipway.doctor.test_account import of, said
from tests.slipway.status.world import World, world

SAID = (
    "2026-11-29T03:00:01Z slipway: installing packages",
    "Error: Unable to find a match: docker",
    "2026-11-29T03:01:20Z slipway: attempt 4 of 5 failed: install_packages docker",
    "Error: Unable to find a match: docker",
    "2026-11-29T03:01:20Z slipway: failed in line 46, so no release can come to this host: dnf install",
)
LAST = " | ".join(SAID[-3:])


@pytest.fixture
def here() -> Iterator[World]:
    """An environment with one host that serves, and a second whose first boot fails."""
    with world() as made:
        made.apply_foundation()
        made.apply_environment(hosts=1)
        names = made.environment()
        made.aws.logs.create_log_group(logGroupName=names.log_group("agent"))
        made.deploy("a", hosts=made.hosts())
        made.aws.autoscaling.put_lifecycle_hook(
            AutoScalingGroupName=names.prefix,
            LifecycleHookName=names.launch_hook,
            LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
            HeartbeatTimeout=900,
            DefaultResult="ABANDON",
        )
        take_boots(ACCOUNT, {"region": REGION, "fail": True})
        made.aws.autoscaling.update_auto_scaling_group(
            AutoScalingGroupName=names.prefix, MaxSize=2, DesiredCapacity=2
        )
        yield made


def waiting(here: World) -> str:
    """The host that waits."""
    (group,) = here.aws.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    (found,) = [
        instance["InstanceId"]
        for instance in group["Instances"]
        if instance["LifecycleState"] == "Pending:Wait"
    ]
    return found


def ship(here: World, host: str, *lines: str) -> None:
    """What the trap of user data sends."""
    group, stream = here.environment().log_group("agent"), f"{host}/first-boot"
    here.aws.logs.create_log_stream(logGroupName=group, logStreamName=stream)
    now = int(datetime.now(UTC).timestamp() * 1000)
    here.aws.logs.put_log_events(
        logGroupName=group,
        logStreamName=stream,
        logEvents=[{"timestamp": now, "message": "\n".join(lines)}],
    )


def remarks(here: World) -> tuple[str, ...]:
    [found] = Survey.of(here.aws, here.names, here.names.environments).status().environments
    return found.remarks


def test_a_host_that_waits_is_named_once_it_has_waited_for_long_with_the_end_of_its_boot(here: World) -> None:
    host = waiting(here)
    ship(here, host, *SAID)
    assert not any("is not in service" in remark for remark in remarks(here))
    with patch.object(environment, "USUAL_BOOT", timedelta(0)):
        (told,) = [remark for remark in remarks(here) if "is not in service" in remark]
    assert told.startswith(f"{host} is not in service since its start at ")
    assert told.endswith(f"; the end of the first boot of {host}: {LAST}")
    fleet = read.read(here.aws, here.names, here.environment())
    shown = [remark for remark in table.remarks(fleet) if host in remark]
    assert shown == [f"{host} is not in service yet: slipway status --env staging shows why"]


def test_a_host_that_was_given_up_is_told_with_the_reason_and_the_end_of_its_boot(here: World) -> None:
    host = waiting(here)
    ship(here, host, *SAID)
    take_waits(ACCOUNT, {"region": REGION})

    told = remarks(here)[0]

    assert told.startswith(
        "the last activity of Auto Scaling failed: Instance failed to complete user's Lifecycle"
    )
    assert "was abandoned: Heartbeat Timeout" in told
    assert told.endswith(f"; the end of the first boot of {host}: {LAST}")
    [found] = doctor.launches(of(here.settings, here), here.aws)
    assert found.why.endswith(LAST)
    assert waiting(here) != host, "the group tries again"


def test_what_could_not_be_shipped_leaves_the_reason_that_aws_gives(here: World) -> None:
    waiting(here)
    take_waits(ACCOUNT, {"region": REGION})

    assert remarks(here)[0].endswith("was abandoned: Heartbeat Timeout")


def test_once_the_next_boot_goes_well_nothing_is_told_though_the_old_host_ends_later(here: World) -> None:
    host = waiting(here)
    ship(here, host, *SAID)
    take_boots(ACCOUNT, {"region": REGION, "fail": False})
    template = here.aws.ec2.describe_launch_templates()["LaunchTemplates"][0]["LaunchTemplateName"]
    here.aws.autoscaling.delete_lifecycle_hook(AutoScalingGroupName=template, LifecycleHookName="first-boot")
    take_waits(ACCOUNT, {"region": REGION})

    assert not any("Auto Scaling failed" in remark for remark in remarks(here))


def test_the_end_of_the_host_that_was_given_up_does_not_hide_why_it_was(here: World) -> None:
    waiting(here)
    take_waits(ACCOUNT, {"region": REGION})
    remarks(here)
    kept = vars(autoscaling_backends[ACCOUNT][REGION])["activities"]
    ended = {**kept[0], "Description": "Terminating EC2 instance: i-0123456789abcdef0"}
    kept.append(ended)

    assert "was abandoned: Heartbeat Timeout" in remarks(here)[0]


def test_doctor_names_hosts_that_warned_at_their_first_boot_and_how_to_renew_them(here: World) -> None:
    (first, *_) = here.hosts()
    assert said(doctor.first_boots(of(here.settings, here), here.aws)) == []
    ship(here, first, "2026-11-29T03:00:01Z slipway: warning: the CloudWatch agent does not run", "more")

    [found] = doctor.first_boots(of(here.settings, here), here.aws)

    assert found.state == "later"
    assert found.what == f"staging: {first} warned at its first boot: the CloudWatch agent does not run"
    assert found.then == f"slipway hosts renew --env staging --host {first}"
