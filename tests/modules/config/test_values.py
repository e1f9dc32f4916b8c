"""Lists and grammars that AWS fixes, against what AWS's own library knows."""

import re
from typing import cast

import botocore.session
import known_to_aws
import pytest

from modules.config import known
from modules.config.networks import hosts_that_fit
from modules.config.regions import REGIONS
from modules.config.values import DEFAULT_INSTANCE_TYPES, INSTANCE_TYPE, architecture_of

BOTOCORE = botocore.session.get_session()


def instance_types() -> list[str]:
    """Every EC2 instance type that botocore knows."""
    shape = BOTOCORE.get_service_model("ec2").shape_for("InstanceType")
    return cast(list[str], shape.metadata["enum"])


def test_the_regions_are_those_of_the_partition_aws() -> None:
    assert sorted(REGIONS) == sorted(BOTOCORE.get_available_regions("ec2", partition_name="aws"))


def test_what_is_known_of_aws_is_what_botocore_knows() -> None:
    assert known.INSTANCE_TYPES.read_text() == known_to_aws.table(), "python scripts/dev/known_to_aws.py"
    assert known.instance_types() == set(instance_types())
    services = {"CodeBuild": "codebuild", "CodeDeploy": "codedeploy", "CodePipeline": "codepipeline"}
    there = {each: BOTOCORE.get_available_regions(endpoint) for each, endpoint in services.items()}
    absent = {
        region: tuple(each for each in sorted(there) if region not in there[each]) for region in REGIONS
    }
    assert {region: lacks for region, lacks in absent.items() if lacks} == known.ABSENT


def test_every_instance_type_that_could_run_hosts_is_taken() -> None:
    types = [instance_type_ for instance_type_ in instance_types() if not instance_type_.startswith("mac")]
    assert len(types) > 500
    assert [each for each in types if not re.fullmatch(INSTANCE_TYPE, each)] == []


@pytest.mark.parametrize(
    "instance_type",
    ["t4g.small", "c7gn.large", "x2gd.medium", "im4gn.large", "is4gen.large", "p6e-gb200.36xlarge"],
)
def test_graviton_has_a_g_first_after_the_generation(instance_type: str) -> None:
    assert architecture_of(instance_type) == "arm64"


@pytest.mark.parametrize(
    "instance_type", ["t3.small", "g4dn.xlarge", "g6.xlarge", "m7i-flex.large", "c7a.large"]
)
def test_other_instance_types_are_x86(instance_type: str) -> None:
    assert architecture_of(instance_type) == "x86_64"


def test_the_default_instance_types_have_the_architecture_that_they_are_the_default_of() -> None:
    assert {
        name: architecture_of(default_instance_type_)
        for name, default_instance_type_ in DEFAULT_INSTANCE_TYPES.items()
    } == {
        "x86_64": "x86_64",
        "arm64": "arm64",
    }


@pytest.mark.parametrize(
    ("length", "zones", "hosts"), [(24, 1, 27), (24, 2, 54), (20, 3, 1521), (16, 4, 32748)]
)
def test_a_network_has_room_for_hosts_in_one_eighth_of_it_for_each_zone(
    length: int, zones: int, hosts: int
) -> None:
    assert hosts_that_fit(length, zones) == hosts
