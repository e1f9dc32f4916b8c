"""Gap: deployments one after the other, stopped, rolled back, with what became of them."""

import pytest
from botocore.exceptions import ClientError

from local.emulator.deployment_reports import deploy_to_new_hosts
from tests.local.emulator.clients import REGION, Clients
from tests.local.emulator.deployments import deploy, deployment, make_group, revision, say

ERROR = {"code": "HEALTH_CONSTRAINTS", "message": "too many hosts failed"}


def test_a_deployments_id_looks_like_aws(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "ids")
    made = deploy(beyond_moto, "ids")
    assert made.startswith("d-")
    assert len(made) == 11


def test_a_group_takes_no_second_deployment_while_one_is_active(aws: Clients) -> None:
    make_group(aws, "busy")
    first = deploy(aws, "busy")
    with pytest.raises(ClientError, match=f"DeploymentLimitExceededException.*{first}"):
        deploy(aws, "busy")


def test_once_a_deployment_has_ended_its_group_takes_the_next(aws: Clients) -> None:
    make_group(aws, "ended")
    say(aws, deploy(aws, "ended"), status="Succeeded")
    assert deployment(aws, deploy(aws, "ended"))["status"] == "Created"


def test_other_groups_may_deploy_meanwhile(aws: Clients) -> None:
    make_group(aws, "one")
    make_group(aws, "other")
    deploy(aws, "one")
    assert deploy(aws, "other")


def test_what_is_said_of_a_deployment_is_what_aws_answers(aws: Clients) -> None:
    make_group(aws, "said")
    made = deploy(aws, "said", description="a release")
    say(aws, made, status="InProgress")
    begun = deployment(aws, made)
    assert begun["status"] == "InProgress"
    assert begun["startTime"] >= begun["createTime"]
    assert "completeTime" not in begun
    say(aws, made, status="Failed", errorInformation=ERROR)
    failed = deployment(aws, made)
    assert failed["errorInformation"] == ERROR
    assert failed["completeTime"] >= begun["startTime"]
    assert failed["description"] == "a release"


def test_alarms_that_a_deployment_overrides_read_back(aws: Clients) -> None:
    make_group(aws, "overriding")
    made = deploy(aws, "overriding", overrideAlarmConfiguration={"enabled": False})
    assert deployment(aws, made)["overrideAlarmConfiguration"] == {"enabled": False}


def test_a_deployment_rolls_back_as_its_group_says(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "inherits")
    found = deployment(beyond_moto, deploy(beyond_moto, "inherits"))
    assert found["autoRollbackConfiguration"] == {
        "enabled": True,
        "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
    }


def failed_after_a_good_one(aws: Clients, name: str) -> tuple[str, dict[str, str]]:
    """A deployment that failed, and what was answered to that."""
    make_group(aws, name)
    say(aws, deploy(aws, name, "good.zip"), status="Succeeded")
    bad = deploy(aws, name, "bad.zip")
    return bad, say(aws, bad, status="Failed", errorInformation=ERROR)


def test_after_one_that_failed_the_last_good_revision_is_deployed_again(aws: Clients) -> None:
    bad, answer = failed_after_a_good_one(aws, "undone")
    assert deployment(aws, bad)["rollbackInfo"] == {"rollbackDeploymentId": answer["rollbackDeploymentId"]}
    rollback = deployment(aws, answer["rollbackDeploymentId"])
    assert rollback["creator"] == "codeDeployRollback"
    assert rollback["rollbackInfo"] == {"rollbackTriggeringDeploymentId": bad}
    assert rollback["revision"] == revision("good.zip")
    assert rollback["previousRevision"] == revision("good.zip")


def test_what_undoes_a_deployment_is_not_undone(aws: Clients) -> None:
    _, answer = failed_after_a_good_one(aws, "undone-once")
    again = say(aws, answer["rollbackDeploymentId"], status="Failed")
    assert "rollbackDeploymentId" not in again


def test_without_a_good_revision_nothing_is_deployed_again(aws: Clients) -> None:
    make_group(aws, "first-fails")
    made = deploy(aws, "first-fails")
    assert "rollbackDeploymentId" not in say(aws, made, status="Failed")
    assert "no previous" in deployment(aws, made)["rollbackInfo"]["rollbackMessage"]


def test_nor_where_the_deployment_says_that_it_is_not_to_be_undone(aws: Clients) -> None:
    make_group(aws, "final")
    say(aws, deploy(aws, "final"), status="Succeeded")
    made = deploy(aws, "final", autoRollbackConfiguration={"enabled": False, "events": []})
    assert "rollbackDeploymentId" not in say(aws, made, status="Failed")


def test_a_deployment_is_stopped_at_once(beyond_moto: Clients) -> None:
    make_group(beyond_moto, "at-once")
    made = deploy(beyond_moto, "at-once")
    assert beyond_moto.codedeploy.stop_deployment(deploymentId=made)["status"] == "Succeeded"
    assert deployment(beyond_moto, made)["status"] == "Stopped"


def test_whoever_carries_a_deployment_out_hears_that_it_was_stopped(aws: Clients) -> None:
    make_group(aws, "told")
    made = deploy(aws, "told")
    assert say(aws, made, status="InProgress")["status"] == "InProgress"
    aws.codedeploy.stop_deployment(deploymentId=made)
    assert say(aws, made, status="Succeeded")["status"] == "Stopped"
    assert deployment(aws, made)["errorInformation"]["code"] == "MANUAL_STOP"


def test_a_deployment_that_is_stopped_is_undone_if_asked(aws: Clients) -> None:
    make_group(aws, "stopped-and-undone")
    say(aws, deploy(aws, "stopped-and-undone", "good.zip"), status="Succeeded")
    bad = deploy(aws, "stopped-and-undone", "bad.zip")
    aws.codedeploy.stop_deployment(deploymentId=bad, autoRollbackEnabled=True)
    rollback = deployment(aws, deployment(aws, bad)["rollbackInfo"]["rollbackDeploymentId"])
    assert rollback["revision"] == revision("good.zip")


def test_a_deployment_that_has_ended_cannot_be_stopped(aws: Clients) -> None:
    make_group(aws, "over")
    made = deploy(aws, "over")
    say(aws, made, status="Succeeded")
    with pytest.raises(ClientError, match="DeploymentAlreadyCompletedException"):
        aws.codedeploy.stop_deployment(deploymentId=made)


def test_a_group_names_its_last_deployments(aws: Clients) -> None:
    make_group(aws, "lasting")
    good = deploy(aws, "lasting", "good.zip")
    say(aws, good, status="Succeeded")
    going_back = say(aws, deploy(aws, "lasting", "bad.zip"), status="Failed")["rollbackDeploymentId"]
    answer = aws.codedeploy.get_deployment_group(applicationName="lasting", deploymentGroupName="lasting")
    group = answer["deploymentGroupInfo"]
    assert group["lastSuccessfulDeployment"]["deploymentId"] == good
    assert group["lastAttemptedDeployment"]["deploymentId"] == going_back
    assert group["targetRevision"] == revision("good.zip")


def test_deployments_are_listed_newest_first_and_page_by_page(aws: Clients) -> None:
    make_group(aws, "many")
    made = []
    for _ in range(101):
        made.append(deploy(aws, "many"))
        say(aws, made[-1], status="Succeeded")
    first = aws.codedeploy.list_deployments(applicationName="many", deploymentGroupName="many")
    assert first["deployments"] == made[:0:-1]
    rest = aws.codedeploy.list_deployments(
        applicationName="many", deploymentGroupName="many", nextToken=first["nextToken"]
    )
    assert rest["deployments"] == made[:1]
    assert "nextToken" not in rest


def test_only_deployments_in_a_status_are_listed_if_asked(aws: Clients) -> None:
    make_group(aws, "filtered")
    say(aws, deploy(aws, "filtered"), status="Failed")
    waiting = deploy(aws, "filtered")
    found = aws.codedeploy.list_deployments(
        applicationName="filtered", deploymentGroupName="filtered", includeOnlyStatuses=["Created"]
    )
    assert found["deployments"] == [waiting]


def alarmed(aws: Clients, name: str, state: str) -> None:
    """A group that an alarm stops, a good deployment, and then the alarm in a state."""
    aws.untyped("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="test",
        MetricName="errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    make_group(aws, name, alarmConfiguration={"enabled": True, "alarms": [{"name": name}]})
    say(aws, deploy(aws, name, "good.zip"), status="Succeeded")
    set_alarm(aws, name, state)


def set_alarm(aws: Clients, name: str, state: str) -> None:
    aws.untyped("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")


def test_an_alarm_that_is_on_stops_what_begins(aws: Clients) -> None:
    alarmed(aws, "on", "ALARM")
    found = deployment(aws, deploy(aws, "on"))
    assert found["status"] == "Stopped"
    assert found["errorInformation"]["code"] == "ALARM_ACTIVE"


def test_an_alarm_that_goes_on_stops_what_is_under_way_and_that_is_undone(aws: Clients) -> None:
    alarmed(aws, "goes-on", "OK")
    made = deploy(aws, "goes-on", "bad.zip")
    say(aws, made, status="InProgress")
    set_alarm(aws, "goes-on", "ALARM")
    answer = say(aws, made)
    assert answer["status"] == "Stopped"
    rollback = deployment(aws, answer["rollbackDeploymentId"])
    assert rollback["revision"] == revision("good.zip")
    assert say(aws, answer["rollbackDeploymentId"], status="InProgress")["status"] == "InProgress"


def test_a_deployment_that_overrides_the_alarms_goes_on(aws: Clients) -> None:
    alarmed(aws, "overridden", "ALARM")
    made = deploy(aws, "overridden", overrideAlarmConfiguration={"enabled": False})
    assert say(aws, made, status="Succeeded")["status"] == "Succeeded"


def new_hosts(aws: Clients, name: str) -> str:
    return deploy_to_new_hosts(aws.endpoint, REGION, name, name)


def test_a_new_host_gets_the_last_good_revision_beside_what_is_under_way(aws: Clients) -> None:
    make_group(aws, "grown")
    assert new_hosts(aws, "grown") == ""
    say(aws, deploy(aws, "grown", "1.zip"), status="Succeeded")
    under_way = deploy(aws, "grown", "2.zip")
    say(aws, under_way, status="InProgress")
    made = deployment(aws, new_hosts(aws, "grown"))
    assert (made["creator"], made["revision"]) == ("autoscaling", revision("1.zip"))
    assert deployment(aws, under_way)["status"] == "InProgress"

    say(aws, under_way, status="Succeeded")
    say(aws, made["deploymentId"], status="Succeeded")
    assert deployment(aws, new_hosts(aws, "grown"))["revision"] == revision("2.zip")
