"""The section of our own rules for what scanners have none for."""

from tests.security.page.network import listed
from tests.security.rules.table import OTHERS

ELSEWHERE = """What needs running to be seen is tried by running it:

- `start_server.sh` pulls and starts the image by the digest in `image.json`, and refuses a revision without
  one (`tests/scripts/test_deployment.py`, `tests/scripts/test_failures.py`).
- The container has a network of its own, which metadata does not reach in one hop
  (`tests/scripts/test_deployment.py`).
- The build writes the digest that the registry gave (`tests/build/test_buildspec.py`).
- More of what holds for everything that is synthesised stands in `tests/invariants/`: closed buckets,
  keys that rotate, log groups that expire, alarms that tell somebody, no permission too wide."""


def section() -> str:
    """The rules, and where those stand that are not rules of what is synthesised."""
    return f"""## Rules of our own

For what scanners have no check for: CodeDeploy, CodePipeline, user data, revisions. Held, and broken on
purpose, as the network's.

{listed(OTHERS)}

{ELSEWHERE}"""
