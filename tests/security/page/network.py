"""The section on the network: all possible connections, and the rules for all kinds of settings."""

from tests.security.network.model import Networks
from tests.security.network.table import rows
from tests.security.page.markdown import DEMO, code, table
from tests.security.rules.rule import Rule
from tests.security.rules.table import NETWORK
from tests.settings import variants
from tests.synthesis import synthesised


def section() -> str:
    """The connections of the committed settings, and the rules."""
    reached = [
        (code(row.environment), row.source, row.destination, row.ports, row.why)
        for row in sorted(rows(Networks(DEMO.synthesised)), key=lambda row: row.environment)
    ]
    without_a_way_out = dict.fromkeys(  # release commands, too, have the hosts' rules
        (row.source, row.destination, row.ports, row.why)
        for row in rows(Networks(synthesised("endpoints")))
        if row.source == "hosts"
    )
    return f"""## The network

This table contains all possible connections. Others are not possible, for example from the internet to
a host, from one host to another, or from staging to prod. The connections are evaluated from the
synthesised stacks: the security groups on both sides, referenced groups, routes, gateways and public
addresses.

{table(("environment", "from", "to", "TCP ports", "reason"), reached)}

An environment with `endpoints = true` has no NAT gateway. Its hosts reach no more than this:

{table(("from", "to", "TCP ports", "why"), without_a_way_out)}

Hosts reach S3 through a gateway endpoint, which accepts no incoming connections. Environments are
connected only through the internet: a host reaches the load balancer of another environment as any
client does.

The rules below are evaluated for {len(variants())} kinds of settings. Each is also tested with the
mistakes that are listed with it, and must detect them (`tests/security/test_rules.py`):

{listed(NETWORK)}"""


def listed(those: tuple[Rule, ...]) -> str:
    """A table of rules and the mistakes that they are tested with."""
    return table(("rule", "tested with"), ((each.says, "; ".join(each.mistakes)) for each in those))
