"""Completes the handshake of a connection at an emulated AWS, as a person does it in the console."""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/handshakes"  # gaps/connections.py serves it


def complete_handshakes(endpoint: str, region: str, *, connection_arn: str | None = None) -> list[str]:
    """Makes the connections of a region that are PENDING AVAILABLE; the ARNs of those that were.

    connection_arn: the one that is meant. Default: every one that waits.
    """
    completed: list[str] = tell(endpoint, PATH, {"region": region, "connectionArn": connection_arn})
    return completed
