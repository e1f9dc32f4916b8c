"""What is allowed, and yet said to the team."""

import pytest

from modules.config.load import warnings
from tests.settings import demo, environment, minimal, one_environment


def test_the_demo_needs_no_advice() -> None:
    assert warnings(demo()) == ()


def test_one_nat_for_several_zones_is_a_choice_not_a_mistake() -> None:
    assert warnings(one_environment(zones=3, nat="single")) == ()


def test_a_single_host_means_that_releases_interrupt() -> None:
    assert warnings(one_environment(minimum_hosts=1)) == (
        (
            "environments.staging.minimum_hosts = 1: with a single host every release interrupts the service;"
            " two keep it up"
        ),
    )


@pytest.mark.parametrize("deployment", ["all_at_once", {"hosts": 0}, {"percent": 0}])
def test_taking_all_hosts_at_once_means_that_releases_interrupt(deployment: object) -> None:
    assert warnings(one_environment(deployment=deployment)) == (
        (
            "environments.staging.deployment: takes every host out of service at once, so each release"
            ' interrupts it; "one_at_a_time" keeps it up'
        ),
    )


def test_four_zones_are_more_than_most_regions_have() -> None:
    assert warnings(one_environment(zones=4)) == (
        "environments.staging.zones = 4: most regions have three zones, and AWS refuses more than there are",
    )


def test_more_environments_than_a_pipeline_has_stages_are_told() -> None:
    environments = [environment(name=f"e{n}", cidr=f"10.{n}.0.0/16") for n in range(49)]
    assert warnings(minimal(environments=environments)) == (
        (
            "environments: with source and build, these 49 make 51 stages;"
            " CodePipeline takes 50, and AWS will refuse the delivery stack"
        ),
    )
    assert warnings(minimal(environments=environments[:48])) == ()
