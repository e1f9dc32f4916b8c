"""The section on Slipway's own rules, for which scanners have no checks."""

from tests.security.page.network import listed
from tests.security.rules.table import OTHERS

ELSEWHERE = """Behaviour that only shows at run time is tested by running it:

- `start_server.sh` pulls and starts the image by the digest in `image.json`, and fails for a revision
  without one (`tests/scripts/test_deployment.py`, `tests/scripts/test_failures.py`).
- The container has its own network, so the instance metadata is more than one hop away
  (`tests/scripts/test_deployment.py`).
- The build writes the digest that the registry returned (`tests/build/test_buildspec.py`).
- `tests/invariants/` contains more rules for all synthesised stacks: no public bucket, rotated
  keys, expiring log groups, alarms with actions, no permission that is too broad."""


def section() -> str:
    """The rules, and the tests of behaviour at run time."""
    return f"""## Slipway's own rules

Scanners have no checks for CodeDeploy, CodePipeline, user data and revisions. These rules do, and are
tested with mistakes in the same way as the rules for the network.

{listed(OTHERS)}

{ELSEWHERE}"""
