"""The beginning of the page: what it is, and counts."""

from tests.security.denials.table import DENIALS
from tests.security.page.markdown import DEMO
from tests.security.permissions import permissions
from tests.security.proofs import missing, surplus
from tests.security.rules.table import RULES
from tests.security.scan.scanned import scanned


def section() -> str:
    """The introduction and the table of counts."""
    roles = DEMO.roles.values()
    granted = sum(len(permissions(role.statements)) for role in roles)
    denied = sum(len(denials()) for denials in DENIALS.values())
    return f"""# Permissions, and the reason for each

For security reviews. This page is generated (`make docs`) from the stacks of the committed
`pipeline.toml` and from the tables that the tests compare them with. A test fails when the page is
not up to date.

| | |
| --- | ---: |
| roles | {len(DEMO.roles)} |
| permissions (an action on a resource, under conditions) | {granted} |
| requests of the roles without a permission | {_count(missing(DEMO))} |
| permissions that no request needs | {_count(surplus(DEMO))} |
| requests that must be denied, and are | {denied} |
| rules about network, releases and secrets, each tested with mistakes | {len(RULES)} |
| unexplained findings of checkov in real plans | {_failed()} |

- Every permission is used, and every call that a role's work needs is allowed, for all kinds of settings:
  `tests/security/test_uses.py`.
- A test fails if a needed permission is removed, or if one is added or widened:
  `tests/security/test_mutations.py`.
- The names are those of the committed settings. ARNs are shown without partition, region and
  account."""


def _failed() -> int:
    return sum(len(each["failed"]) for each in scanned().values())


def _count(by_role: dict[str, list[str]]) -> int:
    return sum(map(len, by_role.values()))
