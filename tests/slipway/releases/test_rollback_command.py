"""``slipway rollback`` and ``slipway deploy``: in an emulated AWS in which deployments are played."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from io import StringIO

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from slipway.cli.app import app
from slipway.console import cdk
from slipway.console.errors import SlipwayError, UsageError
from slipway.releases import watch
from slipway.releases.execute import PlanExecution
from slipway.releases.watch import Follower, GoesOnError
from tests.slipway.recorded import recorded, repeated
from tests.slipway.releases.world import HOSTS, World, commit

OLD, BAD, NEXT = commit(1), commit(2), commit(3)
CHANGING = ["codepipeline:DisableStageTransition", "codedeploy:CreateDeployment"]


def slipway(*arguments: str) -> object:
    """Runs a command in this process; raises what it raises. A Ctrl-C is 130."""
    return app(arguments, standalone_mode=False)


def refused(monkeypatch: pytest.MonkeyPatch, operation: str, code: str) -> None:
    """From now on AWS refuses an operation."""
    send: Callable[..., object] = vars(BaseClient)["_make_api_call"]

    def answer(client: BaseClient, name: str, parameters: object) -> object:
        if name == operation:
            raise ClientError({"Error": {"Code": code, "Message": f"no {name} for you"}}, name)
        return send(client, name, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)


def answering(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Somebody is at the terminal, and types this."""
    terminal = StringIO(words)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)


@pytest.fixture
def released(world: World) -> World:
    """Two releases in staging: an old one, then the one that is bad."""
    world.build(OLD, BAD, NEXT)
    world.deployed("staging", OLD)
    world.deployed("staging", BAD)
    return world


def test_it_brings_back_the_revision_that_succeeded_before_in_its_exact_version(
    released: World, capsys: pytest.CaptureFixture[str]
) -> None:
    slipway("rollback", "--env", "staging", "--yes")
    newest, _, oldest = released.deployments("staging")
    assert newest["status"] == "Succeeded"
    assert newest["revision"] == oldest["revision"]
    assert newest["revision"]["s3Location"]["version"]
    assert "overrideAlarmConfiguration" not in newest
    said = capsys.readouterr()
    assert f"staging now runs {OLD[:12]}" in said.err
    assert said.out == ""


def test_it_says_what_it_did_as_one_document(released: World, capsys: pytest.CaptureFixture[str]) -> None:
    slipway("rollback", "--env", "staging", "--yes", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "deployment": released.deployments("staging")[0]["deploymentId"],
        "status": "Succeeded",
        "error": "",
        "followed_by": "",
        "hosts": dict.fromkeys(HOSTS, "Succeeded"),
    }


def test_what_was_rolled_back_from_is_not_what_the_next_one_goes_back_to(released: World) -> None:
    slipway("rollback", "--env", "staging", "--yes")
    with pytest.raises(SlipwayError, match="no release to roll back to in staging"):
        slipway("rollback", "--env", "staging", "--yes")


def test_a_named_commit_comes_back_by_the_beginning_of_its_id(released: World) -> None:
    slipway("rollback", "--env", "staging", "--to", NEXT[:7], "--yes")
    location = released.deployments("staging")[0]["revision"]["s3Location"]
    assert location["key"] == f"revisions/{NEXT}.zip"
    assert location["version"]


def test_the_pipeline_is_paused_before_the_environment_and_says_how_to_go_on(released: World) -> None:
    slipway("rollback", "--env", "staging", "--yes", "--reason", "checkout: down!")
    transition = released.stage("staging")["inboundTransitionState"]
    assert transition["enabled"] is False
    assert f"deployed {OLD[:12]} to staging" in transition["disabledReason"]
    assert "because checkout- down!" in transition["disabledReason"]
    assert "slipway resume --env staging" in transition["disabledReason"]


def test_a_pause_of_somebody_else_keeps_its_reason(
    released: World, capsys: pytest.CaptureFixture[str]
) -> None:
    released.aws.codepipeline.disable_stage_transition(
        pipelineName=released.service, stageName="staging", transitionType="Inbound", reason="holidays"
    )
    slipway("rollback", "--env", "staging", "--yes")
    assert released.stage("staging")["inboundTransitionState"]["disabledReason"] == "holidays"
    assert "already paused before staging: holidays" in capsys.readouterr().err


def test_without_a_pause_it_says_that_the_next_commit_undoes_it(
    released: World, capsys: pytest.CaptureFixture[str]
) -> None:
    slipway("rollback", "--env", "staging", "--yes", "--no-pause")
    assert released.stage("staging")["inboundTransitionState"]["enabled"] is True
    assert "the next commit is deployed to staging and undoes this" in capsys.readouterr().err


def test_an_alarm_that_is_on_does_not_stop_it(released: World, capsys: pytest.CaptureFixture[str]) -> None:
    alarm = released.alarm("staging")
    slipway("rollback", "--env", "staging", "--yes")
    newest = released.deployments("staging")[0]
    assert newest["status"] == "Succeeded"
    assert newest["overrideAlarmConfiguration"]["enabled"] is False
    said = capsys.readouterr().err
    assert f"In ALARM: {alarm}. This deployment ignores the group's alarms" in said
    assert f"still in ALARM: {alarm}" in said


def test_alarms_that_are_not_on_yet_are_overridden_if_asked(released: World) -> None:
    slipway("rollback", "--env", "staging", "--yes", "--override-alarms")
    assert released.deployments("staging")[0]["overrideAlarmConfiguration"]["enabled"] is False


def test_denied_it_names_the_permissions_that_overriding_takes_and_lifts_the_pause(
    released: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    released.alarm("staging")
    refused(monkeypatch, "CreateDeployment", "AccessDeniedException")
    with pytest.raises(SlipwayError) as caught:
        slipway("rollback", "--env", "staging", "--yes")
    assert "codedeploy:UpdateDeploymentGroup" in caught.value.then
    assert released.environment("staging").deployment_group_arn in caught.value.then
    assert released.stage("staging")["inboundTransitionState"]["enabled"] is True


def test_denied_the_pause_nothing_is_deployed_and_the_way_around_is_said(
    released: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(monkeypatch, "DisableStageTransition", "AccessDeniedException")
    with pytest.raises(
        SlipwayError, match="no permission to pause the pipeline; nothing was changed"
    ) as caught:
        slipway("rollback", "--env", "staging", "--yes")
    assert "--no-pause" in caught.value.then
    assert len(released.deployments("staging")) == 2


def test_what_may_not_be_looked_at_afterwards_does_not_make_it_a_failure(
    released: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(monkeypatch, "ListSubscriptionsByTopic", "AuthorizationError")
    slipway("rollback", "--env", "staging", "--yes")
    said = capsys.readouterr().err
    assert f"staging now runs {OLD[:12]}" in said
    assert "could not check whether alerts are delivered" in said


def test_the_way_back_does_not_need_a_pipeline(released: World, capsys: pytest.CaptureFixture[str]) -> None:
    released.aws.codepipeline.delete_pipeline(name=released.service)
    slipway("rollback", "--env", "staging", "--yes")
    said = capsys.readouterr().err
    assert f"staging now runs {OLD[:12]}" in said
    assert "No pipeline deploys to staging, so none can undo this" in said


def test_somebody_who_was_quicker_is_named_and_the_pause_stays(
    released: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(monkeypatch, "CreateDeployment", "DeploymentLimitExceededException")
    with pytest.raises(SlipwayError, match="another deployment to staging has already started") as caught:
        slipway("rollback", "--env", "staging", "--yes")
    assert caught.value.then == "wait for its end: slipway watch --env staging"
    assert released.stage("staging")["inboundTransitionState"]["enabled"] is False


def test_an_image_that_is_gone_is_refused_before_anything_changes(released: World) -> None:
    released.aws.ecr.batch_delete_image(
        repositoryName=released.names.repository, imageIds=[{"imageDigest": released.digests[OLD]}]
    )
    with (
        recorded() as calls,
        pytest.raises(SlipwayError, match=f"the image of {OLD[:12]} does not exist any more"),
    ):
        slipway("rollback", "--env", "staging", "--yes")
    assert [call.name for call in calls if call.changes] == []


def test_a_revision_that_is_gone_is_taken_as_its_build_kept_it(released: World) -> None:
    location = released.deployments("staging")[1]["revision"]["s3Location"]
    released.aws.s3.delete_object(
        Bucket=location["bucket"], Key=location["key"], VersionId=location["version"]
    )
    slipway("rollback", "--env", "staging", "--to", OLD, "--yes")
    assert released.deployments("staging")[0]["revision"]["s3Location"]["key"] == f"revisions/{OLD}.zip"


def test_the_commit_that_runs_already_is_refused(released: World) -> None:
    with pytest.raises(SlipwayError, match=f"staging already runs {BAD[:12]}"):
        slipway("rollback", "--env", "staging", "--to", BAD, "--yes")


def test_forward_the_commit_that_runs_is_deployed_again_for_a_changed_configuration(released: World) -> None:
    slipway("deploy", "--env", "staging", "--to", BAD, "--yes")
    newest, before, _ = released.deployments("staging")
    assert newest["status"] == "Succeeded"
    assert newest["revision"] == before["revision"]


def test_where_nothing_was_ever_deployed_there_is_nothing_to_go_back_to(released: World) -> None:
    with pytest.raises(SlipwayError, match="no release to roll back to in prod") as caught:
        slipway("rollback", "--env", "prod", "--yes")
    assert caught.value.why == "no deployment has succeeded there yet"


def test_a_commit_that_nobody_built_is_refused(released: World) -> None:
    with pytest.raises(UsageError, match="no release found for commit abcdef"):
        slipway("rollback", "--env", "staging", "--to", "abcdef", "--yes")


def test_an_environment_that_was_never_applied_says_which_stack_to_apply(released: World) -> None:
    released.aws.codedeploy.delete_deployment_group(
        applicationName=released.service, deploymentGroupName=f"{released.service}-prod"
    )
    with pytest.raises(SlipwayError, match=r"the deployment group \S+-prod does not exist") as caught:
        slipway("rollback", "--env", "prod", "--yes")
    assert caught.value.then == f"apply its stack: {cdk.cdk('deploy', '*')}"


def test_a_deployment_in_progress_is_in_the_way(released: World) -> None:
    running = released.deployed("staging", NEXT, "InProgress")
    with pytest.raises(SlipwayError, match=f"in progress in staging: {running}") as caught:
        slipway("rollback", "--env", "staging", "--yes")
    assert "--stop-running" in caught.value.then
    assert released.stage("staging")["inboundTransitionState"]["enabled"] is True


def test_run_twice_the_second_finds_the_first_in_progress(
    released: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "Follower", partial(Follower, sleep=_interrupted))
    with pytest.raises(GoesOnError):
        slipway("rollback", "--env", "staging", "--yes")
    with pytest.raises(SlipwayError, match="in progress in staging") as caught:
        slipway("rollback", "--env", "staging", "--yes")
    assert f"slipway rollback to {OLD[:12]}" in caught.value.why
    assert len(released.deployments("staging")) == 3


def _interrupted(_seconds: float) -> None:
    raise KeyboardInterrupt


def test_stopped_codedeploy_s_own_way_back_is_followed_to_its_end(
    released: World, capsys: pytest.CaptureFixture[str]
) -> None:
    running = released.deployed("staging", NEXT, "InProgress")
    slipway("rollback", "--env", "staging", "--yes", "--stop-running")
    newest, stopped, *_ = released.deployments("staging")
    assert (stopped["deploymentId"], stopped["status"]) == (running, "Stopped")
    assert (newest["creator"], newest["status"]) == ("codeDeployRollback", "Succeeded")
    assert f"staging now runs {BAD[:12]}" in capsys.readouterr().err


def test_stopped_and_codedeploy_fails_to_go_back_the_revision_is_deployed_all_the_same(
    released: World, capsys: pytest.CaptureFixture[str]
) -> None:
    released.deployed("staging", NEXT, "InProgress")
    released.ends = ["Failed"]  # its way back; the one after it is ours, and goes well
    slipway("rollback", "--env", "staging", "--yes", "--stop-running")
    newest, by_codedeploy, *_ = released.deployments("staging")
    assert (by_codedeploy["creator"], by_codedeploy["status"]) == ("codeDeployRollback", "Failed")
    assert (newest["creator"], newest["status"]) == ("user", "Succeeded")
    assert newest["description"].startswith(f"slipway rollback to {BAD[:12]}")
    assert f"CodeDeploy did not roll back automatically: deploying {BAD[:12]}" in capsys.readouterr().err


def test_stopped_for_another_commit_that_one_is_deployed_after_the_way_back(released: World) -> None:
    released.deployed("staging", NEXT, "InProgress")
    slipway("rollback", "--env", "staging", "--to", OLD, "--yes", "--stop-running")
    newest, by_codedeploy, stopped, *_ = released.deployments("staging")
    assert [each["status"] for each in (newest, by_codedeploy, stopped)] == [
        "Succeeded",
        "Succeeded",
        "Stopped",
    ]
    assert f"to {OLD[:12]}" in newest["description"]


def test_asked_to_stop_one_in_progress_yes_does_so(released: World, monkeypatch: pytest.MonkeyPatch) -> None:
    released.deployed("staging", NEXT, "InProgress")
    answering(monkeypatch, "y\ny\n")
    slipway("rollback", "--env", "staging")
    assert released.deployments("staging")[1]["status"] == "Stopped"


def test_a_way_back_of_codedeploy_s_own_is_not_interfered_with(released: World) -> None:
    running = released.deployed("staging", NEXT, "InProgress")
    released.aws.codedeploy.stop_deployment(deploymentId=running, autoRollbackEnabled=True)
    follower = released.deployments("staging")[0]["deploymentId"]
    with pytest.raises(SlipwayError, match="an automatic rollback is in progress in staging") as caught:
        slipway("rollback", "--env", "staging", "--yes")
    assert caught.value.then == f"wait for its end: slipway watch {follower}"


def test_if_it_fails_it_says_which_deployment_follows_and_shows_the_log(
    released: World, capsys: pytest.CaptureFixture[str]
) -> None:
    released.ends = ["Failed"]
    with pytest.raises(SlipwayError) as caught:
        slipway("rollback", "--env", "staging", "--yes")
    follower = released.deployments("staging")[0]
    assert follower["creator"] == "codeDeployRollback"
    assert caught.value.then == f"watch the rollback: slipway watch {follower['deploymentId']}"
    said = capsys.readouterr().err
    assert f"{HOSTS[0]} failed in ValidateService, scripts/health_check.sh: exit code 1" in said
    assert "no answer from /readyz" in said


def test_interrupted_the_deployment_goes_on(released: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "Follower", partial(Follower, sleep=_interrupted))
    with pytest.raises(GoesOnError) as caught:
        slipway("rollback", "--env", "staging", "--yes")
    assert caught.value.exit_code == 130
    newest = released.deployments("staging")[0]
    assert newest["status"] == "Created"
    assert newest["deploymentId"] in caught.value.what


def test_interrupted_before_anything_is_created_it_says_that_the_pipeline_is_paused(
    released: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(PlanExecution, "_deploy", lambda *_: _interrupted(0))
    assert slipway("rollback", "--env", "staging", "--yes") == 130
    assert (
        "still paused before staging; to resume it: slipway resume --env staging" in capsys.readouterr().err
    )


def test_a_dry_run_prints_exactly_what_would_be_called_and_changes_nothing(
    released: World, capsys: pytest.CaptureFixture[str]
) -> None:
    released.alarm("staging")
    with recorded() as calls:
        slipway("rollback", "--env", "staging", "--dry-run")
    assert [call.name for call in calls if call.changes] == []
    pause, create, unpause = map(json.loads, capsys.readouterr().out.splitlines())
    assert (pause["service"], pause["operation"]) == ("codepipeline", "DisableStageTransition")
    assert (create["service"], create["operation"]) == ("codedeploy", "CreateDeployment")
    assert create["parameters"]["overrideAlarmConfiguration"] == {"enabled": False}
    assert (unpause["service"], unpause["operation"]) == ("codepipeline", "EnableStageTransition")
    assert unpause["condition"].startswith("only if AWS refused an earlier step")


PAUSE, STOP, CREATE, UNPAUSE = (
    "DisableStageTransition",
    "StopDeployment",
    "CreateDeployment",
    "EnableStageTransition",
)
STOPPING = ("--stop-running",)


@pytest.mark.parametrize(
    ("options", "refusals", "ends", "taken"),
    [
        ((), {}, [], [PAUSE, CREATE]),
        (("--no-pause",), {}, [], [CREATE]),
        (STOPPING, {}, [], [PAUSE, STOP]),
        (STOPPING, {}, ["Failed"], [PAUSE, STOP, CREATE]),
        ((*STOPPING, "--to", OLD), {}, [], [PAUSE, STOP, CREATE]),
        ((), {PAUSE: "AccessDeniedException"}, [], [PAUSE]),
        ((), {CREATE: "AccessDeniedException"}, [], [PAUSE, CREATE, UNPAUSE]),
        ((), {CREATE: "DeploymentLimitExceededException"}, [], [PAUSE, CREATE]),
        (
            (),
            {CREATE: "RevisionDoesNotExistException", UNPAUSE: "AccessDeniedException"},
            [],
            [PAUSE, CREATE, UNPAUSE],
        ),
        (STOPPING, {STOP: "DeploymentAlreadyCompletedException"}, [], [PAUSE, STOP, UNPAUSE]),
        (STOPPING, {CREATE: "InvalidRevisionException"}, ["Failed"], [PAUSE, STOP, CREATE, UNPAUSE]),
        ((*STOPPING, "--no-pause"), {STOP: "AccessDeniedException"}, [], [STOP]),
    ],
    ids=[
        "deployed",
        "not paused",
        "CodeDeploy goes back by itself",
        "CodeDeploy fails to go back",
        "another commit after the stop",
        "pause denied",
        "deployment denied",
        "another deployment is quicker",
        "deployment and unpausing refused",
        "it ended meanwhile",
        "deployment refused after the stop",
        "stop denied",
    ],
)
def test_what_is_called_is_what_a_dry_run_prints_where_its_condition_holds(
    released: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    options: tuple[str, ...],
    refusals: dict[str, str],
    ends: list[str],
    taken: list[str],
) -> None:
    """Every step is printed once: the calls are the printed ones, in their order, some of them left out."""
    if STOPPING[0] in options:
        released.deployed("staging", NEXT, "InProgress")
    released.ends = ends
    slipway("rollback", "--env", "staging", "--dry-run", *options)
    printed = {line["operation"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    for operation, code in refusals.items():
        refused(monkeypatch, operation, code)
    with recorded() as calls, suppress(SlipwayError):
        slipway("rollback", "--env", "staging", "--yes", *options)
    sent = [call for call in calls if call.changes]
    assert [each.operation for each in sent] == [each for each in printed if each in taken] == taken
    for each in sent:
        if each.operation != PAUSE:  # its reason says when
            assert printed[each.operation]["parameters"] == each.parameters


def test_nothing_is_read_twice(released: World) -> None:
    released.alarm("staging")
    vars(released.aws).pop("identity", None)  # these clients have asked already, for another test
    with recorded() as calls:
        slipway("rollback", "--env", "staging", "--yes")
    first = next(number for number, call in enumerate(calls) if call.changes)
    assert repeated(calls[:first]) == []
    assert Counter(call.name for call in calls[:first]) == {
        "sts:GetCallerIdentity": 1,
        "codedeploy:BatchGetDeploymentGroups": 1,
        "codedeploy:ListDeployments": 4,  # windows of time: there are fewer than it looks back for
        "codedeploy:BatchGetDeployments": 1,
        "codepipeline:GetPipelineState": 1,
        "codepipeline:ListPipelineExecutions": 1,
        "s3:ListObjectsV2": 1,
        "s3:GetObject": 3,  # image.json of the two that were deployed, and of the one that never was
        "s3:HeadObject": 1,
        "ecr:DescribeImages": 1,
        "cloudwatch:DescribeAlarms": 1,
    }
    afterwards = Counter(call.name for call in calls[first:])
    assert afterwards["cloudwatch:DescribeAlarms"] == afterwards["sns:ListSubscriptionsByTopic"] == 1


def test_where_nobody_can_be_asked_it_has_to_be_said(
    released: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("y\n"))
    with recorded() as calls, pytest.raises(UsageError, match="stdin is not a terminal"):
        slipway("rollback", "--env", "staging")
    assert calls == []


def test_not_agreed_to_nothing_changes(released: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "n\n")
    with recorded() as calls, pytest.raises(SlipwayError, match=r"Aborted\. Nothing was changed\."):
        slipway("rollback", "--env", "staging")
    assert [call.name for call in calls if call.changes] == []


def test_an_approval_that_would_undo_it_is_warned_of(
    released: World, capsys: pytest.CaptureFixture[str]
) -> None:
    released.deployed("prod", OLD)
    released.deployed("prod", BAD)
    released.release(NEXT)
    slipway("rollback", "--env", "prod", "--yes")
    assert f"Warning: {NEXT[:12]} waits for approval into prod" in capsys.readouterr().err


def test_deploy_goes_forward_and_leaves_the_pipeline_as_it_is(released: World) -> None:
    slipway("deploy", "--env", "staging", "--to", NEXT[:8], "--yes")
    newest = released.deployments("staging")[0]
    assert newest["description"].startswith(f"slipway deploy to {NEXT[:12]} by ")
    assert released.stage("staging")["inboundTransitionState"]["enabled"] is True


def test_deploy_pauses_the_pipeline_if_asked(released: World) -> None:
    slipway("deploy", "--env", "staging", "--to", NEXT, "--yes", "--pause")
    assert released.stage("staging")["inboundTransitionState"]["enabled"] is False


def test_deploy_has_to_be_told_which_commit(released: World) -> None:
    with pytest.raises(UsageError, match="no commit is given"):
        slipway("deploy", "--env", "staging", "--yes")


def test_a_dry_run_of_deploy_changes_nothing(released: World) -> None:
    with recorded() as calls:
        slipway("deploy", "--env", "staging", "--to", NEXT, "--dry-run")
    assert [call.name for call in calls if call.changes] == []
