"""What is allowed, and yet said to the team."""

import pytest

from modules.config.load import warnings
from tests.settings import CERTIFICATE_ARN, demo, environment, minimal, one_environment


def test_the_demo_needs_no_advice() -> None:
    assert warnings(demo()) == ()


def test_one_nat_for_several_zones_is_a_choice_not_a_mistake() -> None:
    assert warnings(one_environment(zones=3, nat="single")) == ()


def test_a_single_host_means_that_releases_interrupt() -> None:
    assert warnings(one_environment(minimum_hosts=1)) == (
        (
            "environments.staging.minimum_hosts = 1: with a single host every release interrupts the service;"
            " use at least 2"
        ),
    )


@pytest.mark.parametrize("deployment", ["all_at_once", {"hosts": 0}, {"percent": 0}])
def test_taking_all_hosts_at_once_means_that_releases_interrupt(deployment: object) -> None:
    assert warnings(one_environment(deployment=deployment)) == (
        (
            "environments.staging.deployment: takes all hosts out of service at once, so every release"
            ' interrupts it; use "one_at_a_time" to avoid that'
        ),
    )


def test_watching_many_hosts_one_after_the_other_is_told() -> None:
    assert warnings(one_environment(watch_minutes=20, maximum_hosts=4)) == (
        (
            "environments.staging.watch_minutes = 20: a release to 4 hosts, one at a time, is watched for 80"
            " minutes in total; to stay below 60, watch for fewer minutes, or deploy to more hosts at a time"
        ),
    )
    assert warnings(one_environment(watch_minutes=15, maximum_hosts=4)) == ()
    assert warnings(one_environment(watch_minutes=50, maximum_hosts=4, deployment={"percent": 50})) == ()


def test_more_environments_than_a_pipeline_has_stages_are_told() -> None:
    environments = [environment(name=f"e{n}", cidr=f"10.{n}.0.0/16") for n in range(49)]
    assert warnings(minimal(environments=environments)) == (
        (
            "environments: with source and build, these 49 make 51 stages;"
            " CodePipeline allows 50, so AWS will refuse the delivery stack"
        ),
    )
    assert warnings(minimal(environments=environments[:48])) == ()


@pytest.mark.parametrize(
    ("region", "zones", "said"),
    [
        ("eu-central-1", 4, "zones = 4: eu-central-1 is known to have 3 zones"),
        ("us-west-1", 3, "zones = 3: us-west-1 is known to have 2 zones"),
        ("us-east-1", 4, ""),
        ("us-west-2", 4, ""),
        ("eu-central-1", 3, ""),
        (
            "eu-central-1",
            ["eu-central-1a", "eu-central-1z"],
            "zones: eu-central-1z: is not a known zone",
        ),
        ("us-east-1", ["us-east-1f"], ""),
        ("ca-central-1", ["ca-central-1a", "ca-central-1d"], ""),
    ],
)
def test_more_zones_than_are_known_are_told(region: str, zones: object, said: str) -> None:
    told = warnings(minimal(region=region, environments=[environment(zones=zones)]))
    assert len(told) == bool(said)
    assert all(said in each and each.endswith("; check with slipway doctor") for each in told)


@pytest.mark.parametrize("instance_type", ["zz9.nano", "t3.5xlarge", "m99.large", "t3.metal"])
def test_an_instance_type_that_is_not_known_may_be_newer(instance_type: str) -> None:
    assert warnings(one_environment(instance_type=instance_type)) == (
        (
            f'environments.staging.instance_type = "{instance_type}": is not a known instance type;'
            " it may be newer than this version of Slipway; check with slipway doctor"
        ),
    )


@pytest.mark.parametrize(
    ("region", "source", "said"),
    [
        ("ca-west-1", {"repository": "a/b"}, "CodeBuild, CodePipeline, CodeConnections"),
        ("mx-central-1", {"repository": "a/b"}, "CodeBuild, CodePipeline, CodeConnections"),
        ("ap-east-2", {"s3": {}}, "CodeBuild, CodePipeline"),
        ("ap-southeast-7", {"repository": "a/b"}, "CodePipeline, CodeConnections"),
        ("eu-south-2", {"repository": "a/b"}, ""),
    ],
)
def test_a_service_that_is_not_known_in_the_region_may_not_be_there(
    region: str, source: object, said: str
) -> None:
    told = warnings(minimal(region=region, source=source))
    text = f'region = "{region}": {said} may not be available there yet; check with slipway doctor'
    assert told == ((text,) if said else ())


@pytest.mark.parametrize(
    ("count", "https", "rules"), [(31, True, 62), (30, True, 0), (61, False, 61), (60, False, 0)]
)
def test_more_rules_than_the_usual_quota_are_told(count: int, https: bool, rules: int) -> None:
    way = {"certificate_arn": CERTIFICATE_ARN} if https else {}
    told = warnings(one_environment(allowed_cidrs=[f"198.51.{n}.0/24" for n in range(count)], **way))
    assert len(told) == bool(rules)
    assert all(f"these {count} ranges need {rules} rules" in each for each in told)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("password", "hunter2"),
        ("dbPassword", "hunter2"),
        ("api-key", "abc"),
        ("private key", "abc"),
        ("owner", "AKIAIOSFODNN7EXAMPLE"),
        ("owner", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("owner", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
        ("url", "https://user:hunter2@example.com"),
    ],
)
def test_a_tag_that_looks_like_a_secret_is_told_without_its_value(key: str, value: str) -> None:
    (told,) = warnings(minimal(tags={key: value}))
    assert told.startswith(f"tags.{key}: looks like a secret")
    assert value not in told


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("team", "payments"),
        ("cost-center", "4711"),
        ("commit", "0123456789abcdef0123456789abcdef01234567"),
        ("monkey", "tokenizer"),
        ("secretary", "ana"),
        ("owner", "ana@example.com"),
        ("password", ""),
    ],
)
def test_other_tags_are_not(key: str, value: str) -> None:
    assert warnings(minimal(tags={key: value})) == ()
