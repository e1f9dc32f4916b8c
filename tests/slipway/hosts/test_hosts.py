"""``slipway hosts``: what is listed, what is replaced and in which order, what is refused."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from slipway.checkout import project
from slipway.doctor import hosts as doctor
from slipway.hosts import renewal
from slipway.hosts.choice import age_of
from slipway.status.survey import Survey
from tests.slipway.commands import Answer, slipway
from tests.slipway.doctor.test_account import of
from tests.slipway.recorded import recorded
from tests.slipway.releases.world import TOML
from tests.slipway.status.world import IMAGE, World, world

PROCESSES = ["AZRebalance", "InstanceRefresh", "ScheduledActions", "Terminate"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A service with two hosts in staging and no release yet; commands run in its directory."""
    with world() as made:
        made.apply_foundation()
        made.apply_environment()
        account = made.names.account
        toml = TOML.format(service=made.names.service, account=account, region=made.names.region)
        (tmp_path / "pipeline.toml").write_text(toml)
        (tmp_path / "main.py").touch()
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(project, "Aws", lambda _region: made.aws)
        monkeypatch.setattr(renewal, "LOOK", 0.0)
        yield made


def make_stale(here: World) -> None:
    """A new version of the launch template for the hosts to come."""
    name = here.environment().prefix
    here.aws.ec2.create_launch_template_version(
        LaunchTemplateName=name, LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.medium"}
    )
    here.aws.autoscaling.update_auto_scaling_group(
        AutoScalingGroupName=name, LaunchTemplate={"LaunchTemplateName": name, "Version": "2"}
    )


def hosts(*arguments: str) -> Answer:
    return slipway("hosts", *arguments, "--env", "staging")


def stale(listed: Answer) -> dict[str, bool]:
    return {host["id"]: host["stale"] for host in json.loads(listed.data)["hosts"]}


def test_hosts_are_listed_with_what_they_were_started_by(here: World) -> None:
    old = here.hosts()
    listed = hosts("list", "--json")
    assert listed.code == 0, listed.words
    assert stale(listed) == dict.fromkeys(old, False)
    make_stale(here)
    assert stale(hosts("list", "--json")) == dict.fromkeys(old, True)
    shown = hosts("list")
    assert all(each in shown.data for each in old)
    assert "2 of 2 hosts are stale: slipway hosts renew --env staging --stale" in shown.words


def test_a_hosts_agent_is_the_one_that_its_launch_template_installs(here: World) -> None:
    def agents() -> set[str]:
        return {host["agent"] for host in json.loads(hosts("list", "--json").data)["hosts"]}

    assert agents() == {""}
    name = here.environment().prefix
    script = b'dnf install "${agent}"; agent=/tmp/codedeploy-agent-2.0.1-1.aarch64.rpm'
    here.aws.ec2.create_launch_template_version(
        LaunchTemplateName=name,
        LaunchTemplateData={
            "ImageId": IMAGE,
            "InstanceType": "t3.small",
            "UserData": base64.b64encode(script).decode(),
        },
    )
    here.aws.autoscaling.update_auto_scaling_group(
        AutoScalingGroupName=name, LaunchTemplate={"LaunchTemplateName": name, "Version": "2"}
    )
    assert hosts("renew", "--yes").code == 0
    assert agents() == {"2.0.1-1"}
    assert "2.0.1-1" in hosts("list").data


def test_who_may_not_read_launch_templates_sees_hosts_without_their_agents(here: World) -> None:
    def refuse(**_: object) -> None:
        denied: Any = {"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}
        raise ClientError(denied, "DescribeLaunchTemplateVersions")

    here.aws.ec2.meta.events.register("before-call.ec2.DescribeLaunchTemplateVersions", refuse)
    listed = hosts("list", "--json")
    assert listed.code == 0, listed.words
    assert {host["agent"] for host in json.loads(listed.data)["hosts"]} == {""}


def test_all_hosts_are_renewed_by_one_refresh_that_skips_none(here: World) -> None:
    old = here.hosts()
    with recorded() as calls:
        done = hosts("renew", "--yes", "--json")
    assert done.code == 0, done.words
    assert set(here.hosts()).isdisjoint(old)
    (begun,) = (call for call in calls if call.changes)
    assert begun.name == "autoscaling:StartInstanceRefresh"
    assert begun.parameters["Preferences"] == {"SkipMatching": False}
    assert sorted(json.loads(done.data)["replaced"]) == old
    assert "100 % (Successful)" in done.words


def test_a_refresh_that_is_under_way_is_followed(here: World) -> None:
    group = here.environment().prefix
    begun = here.aws.autoscaling.start_instance_refresh(AutoScalingGroupName=group)["InstanceRefreshId"]
    with recorded() as calls:
        done = hosts("renew", "--yes", "--json")
    assert (done.code, json.loads(done.data)["refresh"]) == (0, begun)
    assert not [call for call in calls if call.changes]


def test_a_refresh_that_is_cancelled_is_a_failure(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    group = here.environment().prefix

    def cancel(_self: renewal.HostRenewals, _began: float, _words: str) -> None:
        here.aws.autoscaling.cancel_instance_refresh(AutoScalingGroupName=group)

    monkeypatch.setattr(renewal.HostRenewals, "_wait", cancel)
    done = hosts("renew", "--yes")
    assert done.code == 1
    assert "ended with status Cancelled" in done.words


def test_one_host_is_replaced_once_another_is_in_service(here: World) -> None:
    ill, well = here.hosts()
    done = hosts("renew", "--host", ill, "--yes")
    assert done.code == 0, done.words
    assert well in here.hosts()
    assert ill not in here.hosts()
    assert f"{ill}: replaced in" in done.words


def test_stale_hosts_are_replaced_one_after_the_other(here: World) -> None:
    old = here.hosts()
    assert "no host to renew" in hosts("renew", "--stale", "--yes").words
    make_stale(here)
    with recorded() as calls:
        assert hosts("renew", "--stale", "--yes").code == 0
    unhealthy = [call.parameters["InstanceId"] for call in calls if call.operation == "SetInstanceHealth"]
    assert sorted(unhealthy) == old
    assert not any(stale(hosts("list", "--json")).values())


def test_hosts_of_an_age_are_chosen(here: World) -> None:
    assert "no host to renew" in hosts("renew", "--older-than", "1d", "--yes").words
    assert age_of("14d") == timedelta(days=14)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--host", "i-0123456789abcdef0"), "staging has no host i-0123456789abcdef0"),
        (("--older-than", "14"), "is not a valid age"),
        (("--older-than", "0d"), "is not a valid age"),
        (("--stale", "--older-than", "14d"), "cannot be used together"),
    ],
)
def test_what_cannot_be_chosen_is_refused(here: World, arguments: tuple[str, ...], words: str) -> None:
    refused = hosts("renew", *arguments, "--yes")
    assert refused.code == 2
    assert words in refused.words


def test_nothing_is_renewed_in_the_middle_of_a_deployment(here: World) -> None:
    here.deploy("one", "InProgress", location=here.artifact("one"))
    with recorded() as calls:
        refused = hosts("renew", "--yes")
    assert refused.code == 1
    assert "is in progress in staging" in refused.words
    assert not [call for call in calls if call.changes]


def test_a_dry_run_prints_the_calls_and_makes_none(here: World) -> None:
    make_stale(here)
    with recorded() as calls:
        planned = hosts("renew", "--stale", "--dry-run")
    assert [json.loads(line)["operation"] for line in planned.data.splitlines()] == ["SetInstanceHealth"] * 2
    assert not [call for call in calls if call.changes]


def test_an_environment_that_is_not_applied_has_no_hosts(here: World) -> None:
    refused = slipway("hosts", "list", "--env", "prod")
    assert refused.code == 1
    assert "its stack is not applied" in refused.words


def test_releases_are_protected_once_and_it_is_seen(here: World) -> None:
    checked = of(here.settings, here)
    (before,) = doctor.suspensions(checked, here.aws)
    assert (before.state, before.then) == ("later", "prevent it: slipway hosts protect --env staging")
    assert "slipway hosts protect --env staging" in hosts("list").words

    assert hosts("protect", "--yes").code == 0
    group = here.aws.codedeploy.get_deployment_group(
        applicationName=here.names.application, deploymentGroupName=here.environment().deployment_group
    )["deploymentGroupInfo"]
    assert group["ec2DeploymentOptions"]["autoScalingGroupProcessesToSuspend"] == PROCESSES
    (after,) = doctor.suspensions(checked, here.aws)
    assert after.state == "ok"
    with recorded() as calls:
        assert "already" in hosts("protect", "--yes").words
    assert not [call for call in calls if call.changes]
    assert hosts("protect", "--off", "--yes").code == 0
    assert doctor.suspensions(checked, here.aws).__next__().state == "later"


def test_what_stays_suspended_is_told_by_doctor_status_and_list(here: World) -> None:
    group = here.environment().prefix
    here.aws.autoscaling.suspend_processes(AutoScalingGroupName=group, ScalingProcesses=["Terminate"])
    cure = f"resume-processes --auto-scaling-group-name {group} --scaling-processes Terminate"
    *_, found = doctor.suspensions(of(here.settings, here), here.aws)
    assert found.state == "todo"
    assert cure in found.then
    [staging] = Survey.of(here.aws, here.names, [here.environment()]).status().environments
    assert any(cure in remark for remark in staging.remarks)
    assert cure in hosts("list").words
    here.deploy("one", "InProgress", location=here.artifact("one"))
    [staging] = Survey.of(here.aws, here.names, [here.environment()]).status().environments
    assert not any(cure in remark for remark in staging.remarks)
