"""Tells an emulated AWS that launches fail where no template shows it: refused, or in the first boot."""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/launch-faults"  # gaps/autoscaling_launches.py serves it
BOOTS, WAITS = f"{BASE}/first-boots", f"{BASE}/waits-at-hooks"  # gaps/autoscaling_hooks.py serves them
NO_KEY = "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state"
"""What is said where EBS encrypts with a key that Auto Scaling's role may not use
(autoscaling/ec2/userguide, ts-as-instancelaunchfailure)."""


def fail_launches(endpoint: str, region: str, words: str) -> None:
    """Lets every launch in a region fail with these words from now on; with none, lets them succeed again."""
    tell(endpoint, PATH, {"region": region, "words": words})


def fail_first_boots(endpoint: str, region: str, *, fail: bool = True) -> None:
    """No host that is launched in a region from now on completes its launch hooks by itself; or each does."""
    tell(endpoint, BOOTS, {"region": region, "fail": fail})


def end_waits(endpoint: str, region: str) -> int:
    """Lets the time be up of every host that waits at a launch hook; how many waits there were."""
    waits: int = tell(endpoint, WAITS, {"region": region})
    return waits
