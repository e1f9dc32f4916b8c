"""Performs in an emulated AWS the steps of a person: a connection's handshake, confirming an e-mail."""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/handshakes"  # gaps/connections.py serves it
EMAILS = f"{BASE}/emails"  # gaps/sns.py serves it


def complete_handshakes(endpoint: str, *, connection_arn: str | None = None) -> list[str]:
    """Makes PENDING connections of the account AVAILABLE; their ARNs.

    connection_arn: the connection to complete. Default: all that are pending.
    """
    completed: list[str] = tell(endpoint, PATH, {"connectionArn": connection_arn})
    return completed


def confirm_emails(endpoint: str, region: str) -> list[str]:
    """Confirms all pending e-mail subscriptions of a region; their addresses."""
    confirmed: list[str] = tell(endpoint, EMAILS, {"region": region})
    return confirmed
