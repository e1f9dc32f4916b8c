"""The zones, services and instance types that AWS offered when this was written.

A value that is not listed may be newer, so it only causes a warning. Instance types are in
instance_types.txt, one family per line with its sizes. ``scripts/dev/known_to_aws.py`` writes that file from
the installed botocore.
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
"""Services that a pipeline needs and for which botocore has no endpoint, by region."""

ZONES = {"us-east-1": 6, "us-west-2": 4, "ap-northeast-2": 4, "us-west-1": 2}
"""The number of zones of a new account in regions where it is not three.

docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
"""


def zones(region: str) -> int:
    """Return the known number of zones of a region."""
    return ZONES.get(region, 3)


def zone_letters(region: str) -> str:
    """Return the letters that zone names of a region end in; a new account may lack some of them."""
    return "abcdef"[: max(4, zones(region))]


def absent(region: str) -> tuple[str, ...]:
    """Return the services that the region is not known to offer; CodeConnections comes with CodePipeline."""
    lacks = ABSENT.get(region, ())
    return (*lacks, "CodeConnections") if "CodePipeline" in lacks else lacks


@cache
def instance_types() -> frozenset[str]:
    """Return every EC2 instance type that existed when the list was written."""
    lines = INSTANCE_TYPES.read_text(encoding="ascii").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return frozenset(f"{family}.{size}" for family, *sizes in rows for size in sizes)
