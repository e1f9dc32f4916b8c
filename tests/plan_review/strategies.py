"""Plans as nobody wrote them: generated ones, and real ones with something broken at a random place."""

import copy
import json
from typing import Any  # JSON, whole or broken

from hypothesis import strategies as st

from tests.plan_review.committed import SUMMARIES, text

ODD_TEXTS = [
    "",
    "a",
    "\ud800",
    "</script>",
    "::error::x",
    "[x](y)",
    "AK" + "IA" + "A" * 16,
    "{",
    '{"a": [1]}',
    "\0",
]
texts = st.sampled_from(ODD_TEXTS) | st.text(max_size=8)
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
marks = st.recursive(
    st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
REPLACING = ("delete create", "create delete", "create forget")
actions = st.sampled_from(
    [words.split() for words in ("no-op", "create", "read", "update", "delete", "forget", *REPLACING)]
)


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """What Terraform says of one change, whatever may stand in it."""
    return {
        "actions": draw(actions),
        "before": draw(values),
        "after": draw(values),
        "after_unknown": draw(marks),
        "before_sensitive": draw(marks),
        "after_sensitive": draw(marks),
        "replace_paths": draw(st.lists(st.lists(st.integers(0, 3) | texts, max_size=3), max_size=2)),
    }


@st.composite
def resources(draw: st.DrawFn) -> dict[str, Any]:
    """One resource of a plan."""
    return {
        "address": draw(texts.filter(bool)),
        "mode": draw(st.sampled_from(["managed", "data"])),
        "type": draw(texts),
        "name": draw(texts),
        "index": draw(st.none() | st.integers() | texts),
        "previous_address": draw(st.none() | texts),
        "change": draw(changes()),
    }


@st.composite
def plans(draw: st.DrawFn) -> str:
    """A plan that is one by its shape, of any content."""
    content = {
        "format_version": draw(st.sampled_from(["1.0", "1.1", "1.2", "1.9"])),
        "planned_values": {},
        "resource_changes": draw(st.lists(resources(), max_size=4)),
        "resource_drift": draw(st.lists(resources(), max_size=2)),
        "output_changes": draw(st.dictionaries(texts, changes(), max_size=2)),
        "complete": draw(st.booleans()),
    }
    return json.dumps(content)


@st.composite
def mutilated(draw: st.DrawFn) -> str:
    """A real plan in which one thing is taken away or is something else; or that is cut off."""
    content: Any = copy.deepcopy(json.loads(text(draw(st.sampled_from(sorted(SUMMARIES))))))
    if draw(st.integers(0, 9)) == 0:
        whole = json.dumps(content)
        return whole[: draw(st.integers(0, len(whole)))]
    place: Any = content
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(keys))
        below = place[key]
        if not isinstance(below, dict | list) or not below or draw(st.integers(0, 3)) == 0:
            break
        place = below
    if draw(st.booleans()):
        del place[key]
    else:
        place[key] = draw(values)
    return json.dumps(content)
