"""Tells an emulated AWS how many builds an account may have, which new ones often may not at all."""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/build-quotas"  # gaps/codebuild_quota.py serves it


def allow_builds(endpoint: str, region: str, builds: int | None) -> None:
    """Lets a region have so many builds at once from now on; with None, as many as are asked for."""
    tell(endpoint, PATH, {"region": region, "builds": builds})
