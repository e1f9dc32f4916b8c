"""Draws a stack's changed resources and those connected to them as a Mermaid diagram."""

import re
from collections.abc import Iterable

from plan_review.plan import Plan, ResourceChange
from plan_review.references import bare
from plan_review.render import wording
from plan_review.render.escape import label

MODULES = re.compile(r"^(?:module\.[^.]+\.)+")
MOST_NODES = 40  # more are not readable; GitHub draws at most 50,000 characters and 500 lines
MOST_LINES = 120
STYLES = {
    "made": "fill:#dafbe1,stroke:#1a7f37,color:#1d2126",
    "changed": "fill:#fff8c5,stroke:#9a6700,color:#1d2126",
    "gone": "fill:#ffebe9,stroke:#cf222e,color:#1d2126",
    "still": "fill:#f6f8fa,stroke:#afb8c1,color:#57606a",
}


def diagram(plan: Plan) -> str:
    """The diagram as Mermaid's text; "" if nothing changes."""
    changes = {
        _base(change): change for change in plan.changes if not change.nothing and change.mode == "managed"
    }
    if not changes:
        return ""
    shown = _chosen(changes, plan.references)
    known = {_base(change): change for change in plan.changes}
    ids = {address: f"n{number}" for number, address in enumerate(shown)}
    nodes = [_node(ids[address], address, known.get(address)) for address in shown]
    lines = [f"  {ids[a]} --> {ids[b]}" for a, b in sorted(set(plan.references)) if a in ids and b in ids]
    more = len(changes) - sum(address in ids for address in changes)
    rest = [f'  more["… and {more:,} more that change"]:::still'] if more > 0 else []
    styles = [f"  classDef {name} {style}" for name, style in STYLES.items()]
    return "\n".join(["graph LR", *nodes, *lines[:MOST_LINES], *rest, *styles])


def _chosen(changes: Iterable[str], references: Iterable[tuple[str, str]]) -> list[str]:
    """The changed resources, then those connected to them, as far as there is room."""
    shown = dict.fromkeys(changes)
    around = {
        other: None
        for a, b in sorted(set(references))
        for one, other in ((a, b), (b, a))
        if one in shown and other not in shown and "." in other
    }
    return [*shown, *around][:MOST_NODES]


def _node(id: str, address: str, change: ResourceChange | None) -> str:
    sign = wording.sign(change).strip() if change else ""
    name = (change.construct if change else "") or address
    kind = change.type if change else MODULES.sub("", address).removeprefix("data.").split(".")[0]
    title = f"{label(sign)} {label(name.partition('/')[2] or name)}".strip()
    return f'  {id}["{title}<br/>{label(kind)}"]:::{_style(change)}'


def _base(change: ResourceChange) -> str:
    """The address without the key of for_each or count: all of them share one box."""
    parts = [bare(change.module), "data" if change.mode == "data" else "", change.type, change.name]
    return ".".join(part for part in parts if part)


def _style(change: ResourceChange | None) -> str:
    if change is None or change.nothing:
        return "still"
    if change.action.destroys:
        return "gone"
    return "made" if change.before is None else "changed"
