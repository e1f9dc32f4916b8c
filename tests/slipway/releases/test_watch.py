"""Following a deployment: to its end, at a pace that suits it, through an AWS that does not answer."""

from collections.abc import Iterator, Sequence

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from slipway.aws.codedeploy import GONE, Deployment
from slipway.aws.errors import AwsError, translated
from slipway.releases.watch import PATIENCE, Follower, interval
from tests.slipway.releases.deployments import deployment, host

UNREACHABLE = translated(EndpointConnectionError(endpoint_url="https://codedeploy"))


def refusal(code: str) -> AwsError:
    return translated(ClientError({"Error": {"Code": code, "Message": ""}}, "GetDeployment"))


class Watched:
    """A deployment that is this at each look, one after the other; what was shown, said and waited."""

    def __init__(self, *looks: Deployment | Exception) -> None:
        self.looks: Iterator[Deployment | Exception] = iter(looks)
        self.shown: list[Deployment] = []
        self.said: list[str] = []
        self.waited: list[float] = []

    def look(self) -> Deployment:
        found = next(self.looks)
        if isinstance(found, Exception):
            raise found
        return found

    def follow(self) -> Deployment:
        return Follower(self.shown.append, self.said.append, self.waited.append).follow(self.look)


def statuses(courses: Sequence[Deployment]) -> list[str]:
    return [course.status for course in courses]


def test_it_is_looked_at_until_it_ends() -> None:
    watched = Watched(deployment("Created"), deployment("InProgress"), deployment("Succeeded"))
    assert watched.follow().succeeded
    assert statuses(watched.shown) == ["Created", "InProgress", "Succeeded"]
    assert watched.waited == [1.0, 1.0]


def test_a_host_that_is_gone_stays_in_sight() -> None:
    watched = Watched(
        deployment("InProgress", host("i-a", "InProgress"), host("i-b", "Pending")),
        deployment("Succeeded", host("i-b", "Succeeded")),
    )
    ended = watched.follow()
    assert {target.id: target.status for target in ended.targets} == {"i-b": "Succeeded", "i-a": GONE}


def test_with_more_hosts_there_are_fewer_looks() -> None:
    many = [host(f"i-{each}", "Pending") for each in range(1000)]
    assert interval(deployment("InProgress")) == 1.0
    assert interval(deployment("InProgress", *many)) == 20.0


def test_after_a_failure_it_waits_for_what_follows() -> None:
    watched = Watched(
        deployment("Failed"),
        deployment("Failed"),
        deployment("Failed", rolled_back_by="d-2"),
        deployment("never looked at"),
    )
    assert watched.follow().rolled_back_by == "d-2"
    assert statuses(watched.shown) == ["Failed"]


def test_if_nothing_follows_a_failure_it_does_not_wait_for_ever() -> None:
    ended = Watched(*[deployment("Stopped")] * 6).follow()
    assert ended.rolled_back_by == ""


@pytest.mark.parametrize(
    "passing", [UNREACHABLE, refusal("ThrottlingException")], ids=["network", "throttled"]
)
def test_an_aws_that_does_not_answer_is_borne_and_said_once(passing: Exception) -> None:
    watched = Watched(deployment("InProgress"), passing, passing, deployment("Succeeded"))
    assert watched.follow().succeeded
    assert len(watched.said) == 1


def test_an_aws_that_never_answers_again_is_not_waited_for() -> None:
    watched = Watched(*[UNREACHABLE] * (PATIENCE + 1))
    with pytest.raises(AwsError, match="cannot be reached"):
        watched.follow()
    assert len(watched.waited) == PATIENCE


def test_answers_in_between_give_new_patience() -> None:
    looks: list[Deployment | Exception] = [deployment("InProgress"), *[UNREACHABLE] * PATIENCE] * 2
    assert Watched(*looks, deployment("Succeeded")).follow().succeeded


def test_credentials_that_expired_are_an_error_at_once() -> None:
    watched = Watched(deployment("InProgress"), refusal("ExpiredTokenException"))
    with pytest.raises(AwsError, match="have expired"):
        watched.follow()
