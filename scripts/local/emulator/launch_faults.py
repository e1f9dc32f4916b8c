"""Tells an emulated AWS that what Auto Scaling launches fails for a reason that no launch template shows."""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/launch-faults"  # gaps/autoscaling_launches.py serves it
NO_KEY = "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state"
"""What is said where EBS encrypts with a key that Auto Scaling's role may not use
(autoscaling/ec2/userguide, ts-as-instancelaunchfailure)."""


def fail_launches(endpoint: str, region: str, words: str) -> None:
    """Lets every launch in a region fail with these words from now on; with none, lets them succeed again."""
    tell(endpoint, PATH, {"region": region, "words": words})
