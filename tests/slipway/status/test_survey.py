"""What runs on each host, told from what CodeDeploy saw succeed there; and what somebody should look at."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from jsonschema import validate

from slipway.status.model import EnvironmentStatus, HostStatus, RunningRelease
from slipway.status.survey import Survey
from tests.settings import environment, minimal
from tests.slipway.recorded import recorded
from tests.slipway.status.world import ROLE, World, commit, digest, world

HOUR = timedelta(hours=1)
SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "status.schema.json"


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        made.apply_foundation()
        made.apply_environment(hosts=2)
        yield made


def look(here: World) -> EnvironmentStatus:
    """Staging, as it is now."""
    [found] = Survey.of(here.aws, here.names, here.names.environments).status().environments
    return found


def runs(host: HostStatus) -> RunningRelease:
    assert host.runs is not None
    return host.runs


def test_every_host_runs_what_the_last_deployment_brought(here: World) -> None:
    made = here.deploy("a", hosts=here.hosts())
    found = look(here)
    assert [runs(host).commit for host in found.hosts] == [commit("a")] * 2
    assert [(runs(host).digest, runs(host).deployment) for host in found.hosts] == [(digest("a"), made)] * 2
    assert (found.hosts_differ, found.healthy, found.remarks) == (False, 2, ())
    assert found.release is not None
    assert found.release.commit == commit("a")


def test_a_host_on_which_a_release_failed_runs_what_it_had(here: World) -> None:
    first, second = here.hosts()
    here.deploy("a", hosts=[first, second], ago=2 * HOUR)
    bad = here.deploy("b", "Failed", hosts={first: "Succeeded", second: "Failed"})
    found = look(here)
    assert [runs(host).commit for host in found.hosts] == [commit("b"), commit("a")]
    assert [host.drifted for host in found.hosts] == [True, False]
    newer = found.hosts[1].newer
    assert newer is not None
    assert (newer.deployment, newer.commit, newer.status) == (bad, commit("b"), "Failed")
    assert found.hosts_differ
    assert f"hosts differ: {commit('b')[:12]} on {first}; {commit('a')[:12]} on {second}" in found.remarks
    assert f"{bad} failed on {second}: slipway watch {bad} shows why" in found.remarks


def test_a_host_that_the_deployment_passed_over_runs_what_it_had(here: World) -> None:
    first, second = here.hosts()
    here.deploy("a", hosts=[first, second], ago=2 * HOUR)
    here.deploy("b", "Stopped", hosts={first: "Succeeded", second: "Skipped"})
    assert runs(look(here).hosts[1]).commit == commit("a")
    assert look(here).hosts[1].newer is None


def test_a_new_hosts_own_deployment_counts_for_that_host_alone(here: World) -> None:
    first, second = here.hosts()
    here.deploy("a", hosts=[first], ago=2 * HOUR)
    here.deploy("a", hosts=[second], creator="autoscaling")
    found = look(here)
    assert [runs(host).commit for host in found.hosts] == [commit("a")] * 2
    assert found.release is not None
    assert found.release.deployment == runs(found.hosts[0]).deployment


def test_a_release_under_way_is_shown_and_what_runs_meanwhile(here: World) -> None:
    first, second = here.hosts()
    here.deploy("a", hosts=[first, second], ago=2 * HOUR)
    here.deploy("b", "InProgress", hosts={first: "InProgress", second: "Pending"})
    found = look(here)
    assert found.deploying is not None
    assert (found.deploying.commit, found.deploying.status) == (commit("b"), "InProgress")
    assert [runs(host).commit for host in found.hosts] == [commit("a")] * 2
    assert [host.newer.status for host in found.hosts if host.newer] == ["InProgress", "Pending"]


def test_a_deployment_that_has_not_begun_has_no_hosts_yet(here: World) -> None:
    here.deploy("a", hosts=here.hosts(), ago=2 * HOUR)
    here.deploy("b", "Created")
    found = look(here)
    assert found.deploying is not None
    assert found.deploying.status == "Created"
    assert [runs(host).commit for host in found.hosts] == [commit("a")] * 2


def test_a_host_that_came_after_the_last_release_is_said_to_have_none(here: World) -> None:
    first, second = here.hosts()
    here.deploy("a", hosts=[first])
    found = look(here)
    assert found.hosts[1].runs is None
    assert found.remarks == (f"{second}: no successful deployment found",)


def test_a_host_that_is_terminated_meanwhile_is_no_error(here: World) -> None:
    first, second = here.hosts()
    here.deploy("a", hosts=[first, second])
    with Stubber(here.aws.codedeploy) as stub:
        stub.add_response("batch_get_deployment_groups", {"deploymentGroupsInfo": [_group(here)]})
        stub.add_response("list_deployments", {"deployments": ["d-1"]})
        stub.add_response("batch_get_deployments", {"deploymentsInfo": [_deployment(here)]})
        stub.add_response("list_deployment_targets", {"targetIds": [first, second], "nextToken": "more"})
        stub.add_response("list_deployment_targets", {"targetIds": ["i-0gone"]})
        stub.add_client_error("batch_get_deployment_targets", "DeploymentTargetDoesNotExistException")
        stub.add_client_error("batch_get_deployment_targets", "DeploymentTargetDoesNotExistException")
        target = {"instanceTarget": {"targetId": second, "status": "Succeeded"}}
        stub.add_response("batch_get_deployment_targets", {"deploymentTargets": [target]})
        found = look(here)
        stub.assert_no_pending_responses()
    assert found.hosts[0].runs is None
    assert runs(found.hosts[1]).commit == commit("a")


def _group(here: World) -> dict[str, object]:
    names = here.environment()
    return {
        "applicationName": "my-app",
        "deploymentGroupName": names.deployment_group,
        "autoScalingGroups": [{"name": names.prefix, "hook": "h"}],
    }


def _deployment(here: World) -> dict[str, object]:
    location = here.artifact("a")
    revision = {"revisionType": "S3", "s3Location": location}
    return {"deploymentId": "d-1", "status": "Succeeded", "createTime": 0, "revision": revision}


def test_an_unhealthy_host_is_named_with_the_reason(here: World) -> None:
    first, _ = here.hosts()
    here.deploy("a", hosts=here.hosts())
    with Stubber(here.aws.elbv2) as stub:
        names = here.environment()
        group = {"TargetGroupName": names.target_group, "TargetGroupArn": "arn"}
        other = {"TargetGroupName": "other", "TargetGroupArn": "other"}
        stub.add_response("describe_target_groups", {"TargetGroups": [other], "NextMarker": "more"})
        stub.add_response("describe_target_groups", {"TargetGroups": [group]})
        unhealthy = {"State": "unhealthy", "Description": "Health checks failed with 503"}
        described = [{"Target": {"Id": first}, "TargetHealth": unhealthy}]
        stub.add_response(
            "describe_target_health", {"TargetHealthDescriptions": described}, {"TargetGroupArn": "arn"}
        )
        found = look(here)
    assert [host.health for host in found.hosts] == ["unhealthy", ""]
    assert found.remarks == (f"{first} is unhealthy: Health checks failed with 503",)


def test_a_host_of_an_older_launch_template_is_stale_and_a_new_one_is_not(here: World) -> None:
    prefix, before = here.environment().prefix, here.hosts()
    assert [host.stale for host in look(here).hosts] == [False, False]

    here.aws.ec2.create_launch_template_version(
        LaunchTemplateName=prefix, SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.medium"}
    )
    here.aws.autoscaling.update_auto_scaling_group(
        AutoScalingGroupName=prefix,
        MaxSize=3,
        DesiredCapacity=3,
        LaunchTemplate={"LaunchTemplateName": prefix, "Version": "2"},
    )

    found = look(here)
    assert {host.id: host.stale for host in found.hosts} == {host: host in before for host in here.hosts()}
    assert any(
        remark.startswith(f"{', '.join(before)}: started from an older launch template")
        for remark in found.remarks
    )


def test_a_host_that_is_being_taken_away_makes_no_difference(here: World) -> None:
    first, second = here.hosts()
    here.deploy("a", hosts=[first], ago=2 * HOUR)
    here.deploy("b", hosts=[second])
    with Stubber(here.aws.autoscaling) as stub:
        leaving, staying = _instance(first, "Terminating:Wait"), _instance(second, "InService")
        stub.add_response(
            "describe_auto_scaling_groups", {"AutoScalingGroups": [_asg(here, leaving, staying)]}
        )
        stub.add_response("describe_scaling_activities", {"Activities": []})
        found = look(here)
    assert not found.hosts_differ
    assert found.remarks == (f"{first} is being terminated (Terminating:Wait)",)


def _instance(id_: str, lifecycle: str) -> dict[str, object]:
    return {
        "InstanceId": id_,
        "AvailabilityZone": "eu-central-1a",
        "LifecycleState": lifecycle,
        "HealthStatus": "Healthy",
        "ProtectedFromScaleIn": False,
    }


def _asg(here: World, *instances: dict[str, object]) -> dict[str, object]:
    return {
        "AutoScalingGroupName": here.environment().prefix,
        "MinSize": 1,
        "MaxSize": 2,
        "DesiredCapacity": 2,
        "DefaultCooldown": 1,
        "AvailabilityZones": ["eu-central-1a"],
        "HealthCheckType": "EC2",
        "CreatedTime": 0,
        "Instances": list(instances),
    }


def test_alarms_say_whether_they_are_on_heard_and_stop_releases(here: World) -> None:
    here.alarm("latency", state="ALARM")
    here.alarm("alb-5xx", ActionsEnabled=False)
    found = look(here)
    assert [(alarm.name, alarm.state, alarm.notifies, alarm.stops_releases) for alarm in found.alarms] == [
        ("my-app-staging-alb-5xx", "OK", False, False),
        ("my-app-staging-latency", "ALARM", True, True),
    ]
    assert "the alarm my-app-staging-alb-5xx has no enabled actions" in (found.remarks)


def test_before_the_first_deployment_it_says_so(here: World) -> None:
    found = look(here)
    assert found.release is None
    assert found.remarks == ("nothing was deployed yet",)


def test_where_only_failures_were_it_says_so(here: World) -> None:
    here.deploy("a", "Failed", hosts=here.hosts())
    assert "no deployment has succeeded yet" in look(here).remarks


def test_a_revision_that_is_gone_leaves_the_commit_unknown_and_the_rest_known(here: World) -> None:
    location = here.artifact("a")
    here.deploy("a", location=location, hosts=here.hosts())
    here.aws.s3.delete_object(Bucket=location["bucket"], Key=location["key"], VersionId=location["version"])
    found = look(here)
    assert [(runs(host).commit, runs(host).digest) for host in found.hosts] == [("", "")] * 2


def test_stacks_that_are_not_applied_are_shown_as_such() -> None:
    with world() as here:
        status = Survey.of(here.aws, here.names, here.names.environments).status()
    assert [(each.applied, each.remarks) for each in status.environments] == [
        (False, ("its stack is not applied yet",))
    ]
    assert not status.pipeline.applied


def test_an_environment_without_hosts_says_so() -> None:
    with world() as here:
        here.apply_foundation()
        here.apply_environment(hosts=0)
        assert look(here).remarks == ("there are no hosts", "nothing was deployed yet")


def test_the_status_is_as_its_schema_says(here: World) -> None:
    here.alarm("latency")
    first, second = here.hosts()
    here.deploy("a", hosts=[first, second], ago=2 * HOUR)
    here.deploy("b", "InProgress", hosts={first: "InProgress"})
    status = Survey.of(here.aws, here.names, here.names.environments).status()
    validate(status.model_dump(mode="json"), json.loads(SCHEMA.read_text("utf-8")))


def test_what_is_read_for_all_environments_is_read_once_for_a_hundred() -> None:
    names = [f"e{number}" for number in range(100)]
    many = [
        environment(name=name, cidr=f"10.{number // 16}.{number % 16 * 16}.0/20")
        for number, name in enumerate(names)
    ]
    with world(minimal(environments=many)) as here:
        here.apply_foundation()
        for each in here.names.environments:
            here.aws.codedeploy.create_deployment_group(
                applicationName="my-app", deploymentGroupName=each.deployment_group, serviceRoleArn=ROLE
            )
        location = here.artifact("a")
        for name in names[:20]:
            here.deploy("a", environment=name, location=location)
        survey = Survey.of(here.aws, here.names, here.names.environments)
        with recorded() as calls:
            status = survey.status()
        operations = [call.operation for call in calls]
        with recorded() as again:
            survey.status()
    assert [each.release.commit for each in status.environments[:20] if each.release] == [commit("a")] * 20
    for once in ("BatchGetDeploymentGroups", "DescribeAlarms", "GetObject"):
        assert operations.count(once) == 1, once
    assert not [call for call in calls if call.changes]
    assert not [call for call in again if call.operation == "GetObject"]


def test_an_action_that_is_denied_is_an_error_that_names_it(here: World) -> None:
    survey = Survey.of(here.aws, here.names, here.names.environments)
    with Stubber(here.aws.cloudwatch) as stub:
        stub.add_client_error(
            "describe_alarms", "AccessDenied", "not authorized to perform: cloudwatch:DescribeAlarms"
        )
        with pytest.raises(ClientError, match="cloudwatch:DescribeAlarms"):
            survey.status()


def test_throttled_it_asks_again(here: World) -> None:
    here.deploy("a", hosts=here.hosts())
    with throttled(here, "ListDeployments", times=2) as refused:
        assert runs(look(here).hosts[0]).commit == commit("a")
    assert len(refused) == 2


@contextmanager
def throttled(here: World, operation: str, *, times: int) -> Iterator[list[str]]:
    """CodeDeploy refuses to be asked so often, so many times; what it refused."""
    refused: list[str] = []

    def refuse(**_: Any) -> AWSResponse | None:  # noqa: ANN401 - botocore's events
        if len(refused) == times:
            return None
        refused.append(operation)
        answer = AWSResponse("https://codedeploy", 400, HTTPHeaders(), None)
        vars(answer)["_content"] = b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'
        return answer

    events: Any = here.aws.codedeploy.meta.events  # its stubs know no handler that answers
    events.register_first(f"before-send.codedeploy.{operation}", refuse, unique_id="refuse")
    try:
        yield refused
    finally:
        events.unregister(f"before-send.codedeploy.{operation}", unique_id="refuse")
