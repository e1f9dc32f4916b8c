"""The section of our own rules for what scanners have none for."""

from tests.security.page.network import listed
from tests.security.rules.table import OTHERS

ELSEWHERE = """What shows only at run time is tested by running it:

- `start_server.sh` pulls and starts the image by the digest in `image.json`, and refuses a revision
  without one (`tests/scripts/test_deployment.py`, `tests/scripts/test_failures.py`).
- The container has its own network, so the instance metadata is more than one hop away
  (`tests/scripts/test_deployment.py`).
- The build writes the digest that the registry returned (`tests/build/test_buildspec.py`).
- `tests/invariants/` holds more rules for everything that is synthesised: no public bucket, rotated
  keys, expiring log groups, alarms with actions, no permission that is too wide."""


def section() -> str:
    """The rules, and where those stand that are not rules of what is synthesised."""
    return f"""## Slipway's own rules

Scanners have no checks for CodeDeploy, CodePipeline, user data and revisions. These rules do, and are
tested with mistakes as those for the network are.

{listed(OTHERS)}

{ELSEWHERE}"""
