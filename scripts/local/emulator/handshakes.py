"""Completes the handshake of a connection at an emulated AWS, as a person does it in the console."""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/handshakes"  # gaps/connections.py serves it


def complete_handshakes(endpoint: str, *, connection_arn: str | None = None) -> list[str]:
    """Makes the account's connections that are PENDING AVAILABLE; the ARNs of those that were.

    connection_arn: the one that is meant. Default: every one that waits.
    """
    completed: list[str] = tell(endpoint, PATH, {"connectionArn": connection_arn})
    return completed
