"""Which release runs, and which one a rollback picks: told from the deployments alone."""

from datetime import timedelta

import pytest

from slipway.aws.codedeploy import Deployment
from slipway.console.errors import UsageError
from slipway.releases.catalog import Catalog, Release, check_commit
from tests.slipway.status.world import NOW


def catalog(*deployments: str) -> Catalog:
    """Deployments to staging, the oldest first: a commit each, ``!`` before one that failed, ``?`` before one
    that is under way, ``+`` before one to a new host alone."""
    shipped = [_shipped(number, deployment) for number, deployment in enumerate(deployments)]
    commits = dict.fromkeys(each.commit for each in reversed(shipped))
    return Catalog(
        releases=[Release(commit=commit, revision=None) for commit in commits],
        history={"staging": shipped[::-1]},
    )


def _shipped(number: int, said: str) -> Deployment:
    return Deployment(
        id=f"d-{number}",
        group="staging",
        status={"!": "Failed", "?": "InProgress"}.get(said[:1], "Succeeded"),
        created=NOW + timedelta(hours=number),
        creator="autoscaling" if said[:1] == "+" else "user",
        commit=said.lstrip("!?+"),
    )


def names(found: Catalog) -> tuple[str | None, str | None]:
    """What runs, and what a rollback picks."""
    running, before = found.running("staging"), found.before("staging")
    return running.commit if running else None, before.commit if before else None


@pytest.mark.parametrize(
    ("deployments", "expected"),
    [
        ([], (None, None)),
        (["!aaaa"], (None, None)),
        (["aaaa"], ("aaaa", None)),
        (["aaaa", "bbbb"], ("bbbb", "aaaa")),
        (["aaaa", "bbbb", "!cccc"], ("bbbb", "aaaa")),
        (["aaaa", "bbbb", "?cccc"], ("bbbb", "aaaa")),
        (["aaaa", "!bbbb", "cccc"], ("cccc", "aaaa")),
        (["aaaa", "bbbb", "bbbb"], ("bbbb", "aaaa")),
        (["aaaa", "bbbb", "+aaaa"], ("bbbb", "aaaa")),
        (["aaaa", "bbbb", "aaaa"], ("aaaa", None)),
        (["zzzz", "aaaa", "bbbb", "aaaa"], ("aaaa", "zzzz")),
        (["aaaa", "bbbb", "aaaa", "bbbb"], ("bbbb", "aaaa")),
        (["aaaa", "bbbb", "aaaa", "cccc"], ("cccc", "aaaa")),
        (["aaaa", "bbbb", "cccc", "aaaa", "dddd"], ("dddd", "aaaa")),
        (["aaaa", "", "bbbb"], ("bbbb", "aaaa")),
    ],
    ids=[
        "nothing was deployed",
        "nothing succeeded",
        "the first release",
        "two releases",
        "a failed one counts for nothing",
        "nor does one under way",
        "a failed one between is not gone back to",
        "the same one again changes nothing",
        "nor does a new host",
        "after a rollback no release is left to go back to",
        "after a rollback, what ran before is next, never what was rolled back from",
        "forward again, back again",
        "after a rollback and a new release, back to what ran in between",
        "a rollback over two releases forgets both",
        "a revision that does not say its commit is passed over",
    ],
)
def test_what_runs_and_what_a_rollback_picks(
    deployments: list[str], expected: tuple[str | None, str | None]
) -> None:
    assert names(catalog(*deployments)) == expected


def test_an_environment_that_was_never_deployed_to_runs_nothing() -> None:
    assert catalog("aaaa").running("prod") is None
    assert catalog("aaaa").in_progress("prod") is None


def test_a_deployment_under_way_is_found_but_not_one_to_a_new_host() -> None:
    found = catalog("aaaa", "?bbbb").in_progress("staging")
    assert found is not None
    assert found.id == "d-1"
    assert catalog("aaaa", "+aaaa").in_progress("staging") is None


def test_the_revision_that_is_known_to_work_is_that_of_the_last_success() -> None:
    found = catalog("aaaa", "aaaa", "!aaaa").last_succeeded("staging", "aaaa")
    assert found is not None
    assert found.id == "d-1"
    assert catalog("!aaaa").last_succeeded("staging", "aaaa") is None


def test_a_release_is_found_by_the_beginning_of_its_commit() -> None:
    assert catalog("aaaa1", "bbbb2").find("bbbb").commit == "bbbb2"


def test_a_whole_commit_is_found_although_another_begins_with_it() -> None:
    assert catalog("aaaa", "aaaa1").find("aaaa").commit == "aaaa"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("cccc", "no release found for commit cccc\n"),
        (
            "aaaa",
            "2 commits begin with aaaa\n  why:  aaaa2, aaaa1\n  next: give more characters of the commit",
        ),
    ],
    ids=["unknown", "ambiguous"],
)
def test_a_commit_that_cannot_be_told_is_refused(asked: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        catalog("aaaa1", "aaaa2").find(asked)
    assert str(refused.value).startswith(said)


def test_a_commit_that_is_too_short_or_missing_is_refused_before_anything_is_read() -> None:
    with pytest.raises(
        UsageError, match='"aaa" is too short for a commit\n  next: give at least its first 4 char'
    ):
        check_commit("aaa", needed=False)
    with pytest.raises(UsageError, match="no commit is given"):
        check_commit(None, needed=True)
    check_commit(None, needed=False)
    check_commit("aaaa", needed=True)
