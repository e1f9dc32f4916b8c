"""A hundred environments and thousands of deployments: everything is found, in few calls."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from slipway.releases.read import CatalogReader
from slipway.status.survey import Survey
from tests.settings import environment, minimal
from tests.slipway.recorded import Call, recorded
from tests.slipway.status.crowd import Crowd
from tests.slipway.status.world import NOW, World, commit, world

HALF_A_DAY = timedelta(hours=12)
HUNDRED, THOUSANDS = 100, 3000


@contextmanager
def crowded(
    environments: int = 1,
    *,
    deployments: int = THOUSANDS,
    every: timedelta = HALF_A_DAY,
    hosts: int = 2,
    revisions: Sequence[str] = "a",
    made: Callable[[int], dict[str, str]] = lambda _: {"status": "Succeeded"},
) -> Iterator[World]:
    """A service with so many environments, each with hosts and so much behind it."""
    several = [
        environment(name=f"e{number}", cidr=f"10.{number // 16}.{number % 16 * 16}.0/20")
        for number in range(environments)
    ]
    with world(minimal(environments=several)) as here:
        here.apply_foundation()
        groups = [each.deployment_group for each in here.names.environments]
        crowd = Crowd(
            hosts={group: [f"i-{group}-{number}" for number in range(hosts)] for group in groups},
            newest=NOW - HALF_A_DAY,
            deployments=deployments,
            every=every,
            locations=[here.artifact(revision) for revision in revisions],
            made=made,
        )
        with crowd.there(here.aws):
            yield here


def survey(here: World) -> Survey:
    return Survey.of(here.aws, here.names, here.names.environments)


def counted(calls: Sequence[Call]) -> Counter[str]:
    return Counter(call.operation for call in calls)


def test_status_asks_five_things_of_an_environment_however_much_lies_behind_it() -> None:
    with crowded(HUNDRED) as here, recorded() as calls:
        status = survey(here).status()
    assert len(status.environments) == HUNDRED
    for each in status.environments:
        assert [host.runs and host.runs.commit for host in each.hosts] == [commit("a")] * 2, each.name
    asked = counted(calls)
    each_environments = (
        "ListDeployments",
        "BatchGetDeployments",
        "ListDeploymentTargets",
        "BatchGetDeploymentTargets",
        "DescribeScalingActivities",
    )
    assert [asked[name] for name in each_environments] == [HUNDRED] * 5
    assert len(calls) - 5 * HUNDRED < 10


def test_deployments_of_new_hosts_by_the_thousand_are_all_listed_and_not_all_looked_into() -> None:
    """Scaling out, CodeDeploy makes one for each host; here they failed all day, after one that succeeded."""

    def made(number: int) -> dict[str, str]:
        if number == THOUSANDS - 1:
            return {"status": "Succeeded", "creator": "user"}
        return {"status": "Failed", "creator": "autoscaling"}

    with crowded(every=timedelta(minutes=1), made=made) as here, recorded() as calls:
        [found] = survey(here).status().environments
    assert found.release is not None
    assert found.release.deployment.endswith(f"/{THOUSANDS - 1}")
    asked = counted(calls)
    assert asked["ListDeployments"] == THOUSANDS / 100
    assert asked["BatchGetDeployments"] == THOUSANDS / 25
    assert asked["ListDeploymentTargets"] == asked["BatchGetDeploymentTargets"] == 22  # 20, and 2 hosts


def test_releases_of_a_hundred_environments_are_looked_for_no_further_than_they_are_shown() -> None:
    with crowded(HUNDRED, revisions="ab") as here, recorded() as calls:
        catalog = CatalogReader.of(here.aws, here.names, here.names.environments).read()
    assert {release.commit for release in catalog.releases} == {commit("a"), commit("b")}
    asked = counted(calls)
    assert asked["ListDeployments"] == 2 * HUNDRED  # of the last 7 days, which are too few, and then of 30
    assert asked["BatchGetDeployments"] == 3 * HUNDRED  # 60 deployments, 25 at once: 14, then 46
    assert asked["GetObject"] == 2


def test_all_releases_are_all_of_thousands_and_each_is_asked_for_once() -> None:
    with crowded() as here, recorded() as calls:
        catalog = CatalogReader.of(here.aws, here.names, here.names.environments).read(limit=None)
    [history] = catalog.history.values()
    assert len({each.id for each in history}) == THOUSANDS
    asked = [
        id_
        for call in calls
        if call.operation == "BatchGetDeployments"
        for id_ in call.parameters["deploymentIds"]
    ]
    assert len(asked) == len(set(asked)) == THOUSANDS
    assert counted(calls)["GetObject"] == 1


def test_a_thousand_hosts_are_asked_about_in_batches() -> None:
    with crowded(hosts=1000, deployments=1) as here, recorded() as calls:
        [found] = survey(here).status().environments
    assert sum(host.runs is not None for host in found.hosts) == 1000
    assert counted(calls)["BatchGetDeploymentTargets"] == 1000 / 25
