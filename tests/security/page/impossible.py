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

{count} requests, each refused by an evaluation of every policy that has a say. Beside each stands its
control: the request like it that is granted, without which a misspelt name would be proof enough
(`tests/security/test_denials.py`). Beyond these, each request of each role's work is tried on its
neighbours: another account, another region, another service, another environment
(`tests/security/test_reach.py`).

""" + "\n\n".join(parts)
