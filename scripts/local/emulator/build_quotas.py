"""Sets how many concurrent builds an emulated account may run; new AWS accounts may have a quota of 0."""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/build-quotas"  # gaps/codebuild_quota.py serves it


def allow_builds(endpoint: str, region: str, builds: int | None) -> None:
    """Sets the quota of concurrent builds in a region. builds: None for no limit."""
    tell(endpoint, PATH, {"region": region, "builds": builds})
