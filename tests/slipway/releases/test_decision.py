"""What is decided before anything is sent: which release, what is in the way, what else happens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from modules.config.names import Names
from slipway.aws.codedeploy import Deployment
from slipway.aws.codepipeline import StageState, StageTransition
from slipway.aws.revisions import RevisionImage, RevisionLocation
from slipway.checkout.commits import Between
from slipway.console.errors import SlipwayError
from slipway.releases.catalog import Catalog, Release
from slipway.releases.decision import InProgressError, decide
from slipway.releases.plan import ReleaseOptions, ReleasePlan, Situation, StepCondition
from slipway.releases.preview import preview
from tests.settings import minimal

NAMES = Names.of(minimal())
(STAGING,) = NAMES.environments
BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
A, B, C = "a" * 40, "b" * 40, "c" * 40
BACK = ReleaseOptions(to=None, back=True, pause=True, who="anna", when=BEGAN)


def stage(*, enabled: bool, reason: str = "") -> StageState:
    return StageState(
        name="staging",
        status="Succeeded",
        execution="e-1",
        commit=B,
        since=BEGAN,
        error="",
        transition=StageTransition(enabled=enabled, reason=reason),
        approval=None,
    )


OPEN, CLOSED = stage(enabled=True), stage(enabled=False, reason="holidays")


def location(commit: str) -> RevisionLocation:
    return RevisionLocation(bucket="artifacts", key=f"deployed/{commit[:1]}", version="v1")


def shipped(*runs: tuple[str, str]) -> list[Deployment]:
    """Deployments of commits, each with its status, in the order in which they were made."""
    return [
        Deployment(
            id=f"d-{number}",
            group=STAGING.deployment_group,
            status=status,
            created=BEGAN + timedelta(minutes=number),
            revision=location(commit),
            commit=commit,
        )
        for number, (commit, status) in enumerate(runs)
    ][::-1]


def situation(
    *runs: tuple[str, str], in_alarm: tuple[str, ...] = (), stage: StageState | None = OPEN
) -> Situation:
    releases = [
        Release(commit=each, revision=RevisionLocation(bucket="artifacts", key=f"revisions/{each}.zip"))
        for each in (C, B, A)
    ]
    return Situation(
        names=NAMES,
        environment=STAGING,
        catalog=Catalog(releases=releases, history={"staging": shipped(*runs)}),
        in_alarm=in_alarm,
        stage=stage,
    )


def operations(plan: ReleasePlan, *conditions: StepCondition) -> list[str]:
    """What is called whatever happens; or under these conditions."""
    wanted = conditions or (StepCondition.ALWAYS,)
    return [step.request.operation for step in plan.steps(location(A)) if step.condition in wanted]


TWO = ((A, "Succeeded"), (B, "Succeeded"))


def test_going_back_is_a_pause_and_a_deployment() -> None:
    plan = decide(situation(*TWO), BACK)
    assert plan.to_release.commit == A
    assert operations(plan) == ["DisableStageTransition", "CreateDeployment"]
    assert operations(plan, StepCondition.NOTHING_DEPLOYED) == ["EnableStageTransition"]


def test_stale_hosts_are_named_before_anybody_agrees() -> None:
    plan = decide(replace(situation(*TWO), stale_hosts=("i-a", "i-b")), BACK)
    unknown = Between(known=False)
    said = list(
        preview(plan, location=location(A), image=RevisionImage(), taken_back=unknown, brought=unknown)
    )
    assert any(line.startswith("Started from an older launch template: i-a, i-b. ") for line in said)


def test_releases_that_failed_are_not_gone_back_to() -> None:
    plan = decide(situation((A, "Succeeded"), (C, "Failed"), (B, "Succeeded")), BACK)
    assert plan.to_release.commit == A


def test_the_place_where_it_succeeded_comes_before_the_one_where_its_build_kept_it() -> None:
    plan = decide(situation(*TWO), BACK)
    assert [candidate.key for candidate in plan.candidates()] == ["deployed/a", f"revisions/{A}.zip"]


def test_what_never_ran_here_is_taken_from_where_its_build_kept_it() -> None:
    plan = decide(situation(*TWO), ReleaseOptions(to=C, back=True, pause=True))
    assert [candidate.key for candidate in plan.candidates()] == [f"revisions/{C}.zip"]


def test_a_way_in_that_is_closed_already_is_not_closed_again() -> None:
    assert operations(decide(situation(*TWO, stage=CLOSED), BACK)) == ["CreateDeployment"]


def test_one_in_progress_is_stopped_first_and_if_that_brings_what_is_wanted_nothing_else_is_done() -> None:
    options = ReleaseOptions(to=None, back=True, pause=True, stop_running=True)
    plan = decide(situation(*TWO, (C, "InProgress")), options)
    assert plan.to_release.commit == B
    assert operations(plan) == ["DisableStageTransition", "StopDeployment"]
    assert operations(plan, StepCondition.NOT_ROLLED_BACK) == ["CreateDeployment"]


def test_one_in_progress_that_may_not_be_stopped_is_in_the_way() -> None:
    with pytest.raises(InProgressError, match="in progress in staging: d-2"):
        decide(situation(*TWO, (C, "Created")), BACK)


def test_forward_to_what_is_on_its_way_already_still_waits_for_its_end() -> None:
    with pytest.raises(InProgressError):
        decide(situation(*TWO, (C, "InProgress")), ReleaseOptions(to=C, back=False, pause=False))


def test_a_description_is_no_longer_than_codedeploy_shows() -> None:
    options = ReleaseOptions(to=None, back=True, pause=True, who="anna", when=BEGAN, why="x" * 1000)
    assert len(decide(situation(*TWO), options).description) == 256


def test_where_only_one_release_succeeded_it_says_which() -> None:
    with pytest.raises(SlipwayError, match="no release to roll back to") as caught:
        decide(situation((A, "Succeeded"), (B, "Failed")), BACK)
    assert f"no other commit was deployed successfully before {A[:12]}" in caught.value.why


def shown(plan: ReleasePlan, *, taken_back: Between, brought: Between) -> list[str]:
    image = RevisionImage(commit=A, digest="sha256:1b2c")
    return list(preview(plan, location=location(A), image=image, taken_back=taken_back, brought=brought))


def test_a_preview_names_what_goes_what_comes_and_the_commits_in_between() -> None:
    said = shown(
        decide(situation(*TWO), BACK),
        taken_back=Between(known=True, lines=("b0b0b0b Faster search",), more=2),
        brought=Between(known=True),
    )
    assert said[:2] == [f"staging runs       {B[:12]}", f"rolls back to      {A[:12]}"]
    assert "    image     sha256:1b2c, still in my-app" in said
    assert said[said.index("This removes 3 commits:") + 1 :][:2] == [
        "    b0b0b0b Faster search",
        "    … and 2 more",
    ]


def test_a_preview_says_that_it_overrides_alarms_and_what_that_takes() -> None:
    unknown = Between(known=False)
    plan = decide(situation(*TWO, in_alarm=("my-app-staging-target-5xx",)), BACK)
    (said,) = [each for each in shown(plan, taken_back=unknown, brought=unknown) if "In ALARM" in each]
    assert "my-app-staging-target-5xx" in said
    assert "codedeploy:UpdateDeploymentGroup" in said
