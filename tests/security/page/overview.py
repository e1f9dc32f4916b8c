"""The page's beginning: what it is, and what is counted."""

from tests.security.denials.table import DENIALS
from tests.security.page.markdown import DEMO
from tests.security.permissions import permissions
from tests.security.proofs import missing, surplus
from tests.security.rules.table import RULES
from tests.security.scan.scanned import scanned


def section() -> str:
    """What a reviewer reads first."""
    roles = DEMO.roles.values()
    granted = sum(len(permissions(role.statements)) for role in roles)
    denied = sum(len(denials()) for denials in DENIALS.values())
    return f"""# Who may do what, and why

For whoever has to say yes. This page is generated (`make docs`) from what the committed
`pipeline.toml` synthesises, and from the tables that the tests hold it against. When it stops being
true, a test fails.

| | |
| --- | ---: |
| roles | {len(DEMO.roles)} |
| permissions (an action on a resource, under conditions) | {granted} |
| requests that the roles' work makes, and for which a role lacks the permission | {_count(missing(DEMO))} |
| permissions that no request needs | {_count(surplus(DEMO))} |
| things that must not be possible, and are not | {denied} |
| rules of the network, releases and secrets, each tried on mistakes | {len(RULES)} |
| findings of checkov in real plans that nobody explained | {_failed()} |

- Every permission has a use and every use its permission, for several kinds of settings:
  `tests/security/test_uses.py`.
- Taking a needed permission away, adding one, or widening one makes a test fail:
  `tests/security/test_mutations.py`.
- Names below are those of the committed settings; ARNs are without partition, region and account."""


def _failed() -> int:
    return sum(len(each["failed"]) for each in scanned().values())


def _count(by_role: dict[str, list[str]]) -> int:
    return sum(map(len, by_role.values()))
