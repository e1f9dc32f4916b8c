"""Makes launches of an emulated AWS fail for reasons outside the template: refused, or in the first boot."""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/launch-faults"  # gaps/autoscaling_launches.py serves it
BOOTS, WAITS = f"{BASE}/first-boots", f"{BASE}/waits-at-hooks"  # gaps/autoscaling_hooks.py serves them
NO_KEY = "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state"
"""AWS's message if EBS encrypts with a key that Auto Scaling's role may not use
(autoscaling/ec2/userguide, ts-as-instancelaunchfailure)."""


def fail_launches(endpoint: str, region: str, words: str) -> None:
    """Makes every launch in a region fail with this message; with "", launches succeed again."""
    tell(endpoint, PATH, {"region": region, "words": words})


def fail_first_boots(endpoint: str, region: str, *, fail: bool = True) -> None:
    """Sets whether the first boot of new hosts fails, so that they do not complete their launch hooks."""
    tell(endpoint, BOOTS, {"region": region, "fail": fail})


def end_waits(endpoint: str, region: str) -> int:
    """Lets every wait at a launch hook in a region time out now; how many there were."""
    waits: int = tell(endpoint, WAITS, {"region": region})
    return waits
