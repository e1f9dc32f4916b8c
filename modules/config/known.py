"""What AWS had when this was written: what is not here may be newer, and is not a mistake.

Instance types are in instance_types.txt, a family a line with its sizes. ``scripts/dev/known_to_aws.py``
writes them, and says where else regions and services stand, from the boto3 that is installed.
"""

from functools import cache
from pathlib import Path

INSTANCE_TYPES = Path(__file__).with_name("instance_types.txt")

ABSENT = {
    "ap-east-2": ("CodeBuild", "CodePipeline"),
    "ap-southeast-7": ("CodePipeline",),
    "ca-west-1": ("CodeBuild", "CodePipeline"),
    "mx-central-1": ("CodeBuild", "CodePipeline"),
}
"""By region: the services that a pipeline takes and botocore knows no endpoint of."""

ZONES = {"us-east-1": 6, "us-west-2": 4, "ap-northeast-2": 4, "us-west-1": 2}
"""How many zones a new account has, where they are not three.

docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
"""


def zones(region: str) -> int:
    """How many zones a region has, as far as is known."""
    return ZONES.get(region, 3)


def zone_letters(region: str) -> str:
    """The letters that the names of a region's zones end in; a new account lacks some in between."""
    return "abcdef"[: max(4, zones(region))]


def absent(region: str) -> tuple[str, ...]:
    """The services that are not known there; connections come to a region with CodePipeline."""
    lacks = ABSENT.get(region, ())
    return (*lacks, "CodeConnections") if "CodePipeline" in lacks else lacks


@cache
def instance_types() -> frozenset[str]:
    """Every EC2 instance type that was known when the list was written."""
    lines = INSTANCE_TYPES.read_text(encoding="ascii").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return frozenset(f"{family}.{size}" for family, *sizes in rows for size in sizes)
