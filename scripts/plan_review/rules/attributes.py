"""Reads attributes of a resource before and after by path, also in blocks and lists."""

from collections.abc import Iterable, Iterator

from plan_review.difference import named_path
from plan_review.plan import UNKNOWN, Action, Difference, Masked, Path, ResourceChange, Value


def leaves(value: Value, path: str) -> Iterator[tuple[Path, Value]]:
    """The values at ``block.attribute`` with their paths; several if blocks or lists repeat."""
    yield from _leaves(value, tuple(path.split(".")), ())


def _leaves(value: Value, names: tuple[str, ...], at: Path) -> Iterator[tuple[Path, Value]]:
    if isinstance(value, list):
        for n, element in enumerate(value):
            yield from _leaves(element, names, (*at, n))
    elif not names:
        yield at, value
    elif isinstance(value, dict):
        if names[0] in value:
            yield from _leaves(value[names[0]], names[1:], (*at, names[0]))
    elif value is UNKNOWN:
        yield at, value


def present(change: ResourceChange, paths: Iterable[str]) -> list[str]:
    """The paths whose top-level attribute the resource has; most resources have few of many."""
    return [path for path in paths if path.partition(".")[0] in change.attributes]


def values(value: Value, path: str) -> list[Value]:
    """The values at a path that are set."""
    return [leaf for _, leaf in leaves(value, path) if leaf is not None and leaf != ""]


def first(value: Value, path: str) -> Value:
    """The first value at a path; None if there is none."""
    return next(iter(values(value, path)), None)


def known(value: Value) -> bool:
    """Whether a value is set and visible to the review."""
    return value is not UNKNOWN and not isinstance(value, Masked)


def number(value: Value) -> float | None:
    """A value as a number, which some providers write as text; None if it is not a number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def stays(change: ResourceChange) -> bool:
    """Whether the resource exists before and after."""
    return change.action is Action.UPDATE or change.action.replaces


def difference(change: ResourceChange, path: str) -> tuple[Difference, ...]:
    """The differences at a path, for a finding; empty if the value is the same."""
    before, after = dict(leaves(change.before, path)), dict(leaves(change.after, path))
    return tuple(
        Difference(_named(change, place), before.get(place), after.get(place), _forces(change, place))
        for place in {**before, **after}
        if before.get(place) != after.get(place)
    )


def _named(change: ResourceChange, place: Path) -> Path:
    """A path with the names of the list elements in it, as they are after, or else before."""
    side = change.after if isinstance(change.after, dict) else change.before
    return named_path(side, place)


def forcing(change: ResourceChange) -> tuple[Difference, ...]:
    """The attributes that force a replacement, as named by Terraform."""
    return tuple(
        Difference(path, _at(change.before, path), _at(change.after, path), True)
        for path in change.replace_paths
    )


def _forces(change: ResourceChange, place: Path) -> bool:
    return any(place[: len(path)] == path for path in change.replace_paths)


def _at(value: Value, path: Path) -> Value:
    for part in path:
        if isinstance(value, dict) and isinstance(part, str):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
            value = value[part]
        else:
            return UNKNOWN if value is UNKNOWN else None
    return value


def dotted(path: Path) -> str:
    """A path as Terraform writes it: ``ingress[0].cidr_blocks``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def shown(value: Value) -> str:
    """A value within a sentence, in one short line."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return value if len(value) <= 80 else f"{value[:79]}…"
        case list() | dict():
            return "…"
        case _:
            return str(value)
