from constructs_lib.deployment_group import MinimumHealthyHosts

import pytest

from modules.config.names import Names
from modules.deployment import Configuration, configuration
from tests.settings import one_environment


def configured(deployment: object) -> Configuration:
    pipeline = one_environment(deployment=deployment, minimum_hosts=4)
    return configuration(pipeline.environments[0], Names.of(pipeline).environments[0])


@pytest.mark.parametrize(
    ("speed", "name"),
    [
        ("one_at_a_time", "CodeDeployDefault.OneAtATime"),
        ("half_at_a_time", "CodeDeployDefault.HalfAtATime"),
        ("all_at_once", "CodeDeployDefault.AllAtOnce"),
    ],
)
def test_a_speed_is_a_configuration_of_codedeploys_own(speed: str, name: str) -> None:
    assert configured(speed) == Configuration(name)
    assert configured(speed).speed == name


def test_healthy_hosts_by_number_are_a_configuration_of_ours() -> None:
    least = MinimumHealthyHosts("HOST_COUNT", 3)

    assert configured({"hosts": 3}) == Configuration("my-app-staging-3-hosts", least)
    assert configured({"hosts": 3}).speed == least


def test_healthy_hosts_by_share_are_a_configuration_of_ours() -> None:
    least = MinimumHealthyHosts("FLEET_PERCENT", 60)

    assert configured({"percent": 60}) == Configuration("my-app-staging-60-percent", least)
    assert configured({"percent": 60}).speed == least


def test_another_value_is_another_configuration_since_one_in_use_cannot_go() -> None:
    assert configured({"percent": 60}).name != configured({"percent": 75}).name
