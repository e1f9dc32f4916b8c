"""The section of denied requests."""

from tests.security.denials.table import DENIALS
from tests.security.page.markdown import table

HEADS = ("denied request", "allowed request")


def section() -> str:
    """Each request that must be denied, with a similar request that is allowed."""
    topics = {topic: denials() for topic, denials in DENIALS.items()}
    count = sum(map(len, topics.values()))
    parts = [
        f"### {topic}\n\n{table(HEADS, ((it.what, it.but) for it in denials))}"
        for topic, denials in topics.items()
    ]
    return f"""## Denied requests

An evaluation of all policies that apply denies each of these {count} requests. Next to each is its
control, a similar request that is allowed: without a control, a misspelt name would be denied too
(`tests/security/test_denials.py`). In addition, each request that a role makes is evaluated on
resources of another account, region, service and environment (`tests/security/test_reach.py`).

""" + "\n\n".join(parts)
