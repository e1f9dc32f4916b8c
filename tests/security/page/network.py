"""The section of the network: who reaches whom, as it was evaluated, and what holds however it is set."""

from tests.security.network.model import Networks
from tests.security.network.table import rows
from tests.security.page.markdown import DEMO, code, table
from tests.security.rules.rule import Rule
from tests.security.rules.table import NETWORK
from tests.settings import variants


def section() -> str:
    """Evaluated for the committed settings; the rules hold for all."""
    reached = [
        (code(row.environment), row.source, row.destination, row.ports, row.why)
        for row in sorted(rows(Networks(DEMO.synthesised)), key=lambda row: row.environment)
    ]
    return f"""## The network

Whoever is not in this table reaches nobody: not the internet a host, not a host another, not staging
prod. It is evaluated from what is synthesised: both security groups of a connection, referenced groups,
routes, gateways, public addresses.

{table(("in", "from", "to", "TCP ports", "why"), reached)}

S3 is reached through a gateway endpoint, which lets nobody in. Between environments there is the
internet and nothing else: a host reaches the other's load balancer as every client does.

Evaluated for {len(variants())} kinds of settings; each rule is broken on purpose, in every way that is
named, and has to notice (`tests/security/test_rules.py`):

{listed(NETWORK)}"""


def listed(those: tuple[Rule, ...]) -> str:
    """Rules, with the mistakes that they are tried on."""
    return table(("holds", "tried on"), ((each.says, "; ".join(each.mistakes)) for each in those))
