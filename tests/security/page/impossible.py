"""The section of negative proofs."""

from tests.security.denials.table import DENIALS
from tests.security.page.markdown import table


def section() -> str:
    """Each thing that must not be possible, and what is instead."""
    topics = {topic: denials() for topic, denials in DENIALS.items()}
    count = sum(map(len, topics.values()))
    parts = [
        f"### {topic}\n\n{table(('impossible', 'possible'), ((it.what, it.but) for it in denials))}"
        for topic, denials in topics.items()
    ]
    return f"""## What is impossible

An evaluation of all policies that apply refuses each of these {count} requests. Next to each is its
control, a similar request that is allowed: without it, a misspelt name would be refused as well
(`tests/security/test_denials.py`). In addition, each request that a role makes is evaluated on
resources of another account, region, service and environment (`tests/security/test_reach.py`).

""" + "\n\n".join(parts)
