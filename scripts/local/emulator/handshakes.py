"""Does at an emulated AWS what only a person can: a connection's handshake, the click in an e-mail."""

from local.emulator.telling import BASE, tell

PATH = f"{BASE}/handshakes"  # gaps/connections.py serves it
EMAILS = f"{BASE}/emails"  # gaps/sns.py serves it


def complete_handshakes(endpoint: str, *, connection_arn: str | None = None) -> list[str]:
    """Makes the account's connections that are PENDING AVAILABLE; the ARNs of those that were.

    connection_arn: the one that is meant. Default: every one that waits.
    """
    completed: list[str] = tell(endpoint, PATH, {"connectionArn": connection_arn})
    return completed


def confirm_emails(endpoint: str, region: str) -> list[str]:
    """Confirms every subscription by e-mail of a region that waits; the addresses."""
    confirmed: list[str] = tell(endpoint, EMAILS, {"region": region})
    return confirmed
