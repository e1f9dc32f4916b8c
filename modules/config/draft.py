"""Settings in which some values are wrong, so that the other values can still be compared."""

from collections.abc import Iterator, Mapping, Set
from typing import TypeVar, cast

from modules.config.plain import table_in
from modules.config.problems import Path
from modules.config.settings import Settings

S = TypeVar("S", bound=Settings)
T = TypeVar("T")


def draft(kind: type[S], data: object, wrong: Set[Path], at: Path = ()) -> S:
    """Return a table without its wrong and missing values; reading one of those raises AttributeError."""
    table = data if isinstance(data, Mapping) else {}
    values = {
        name: _value(field.annotation, table[name], wrong, (*at, name))
        for name, field in kind.model_fields.items()
        if name in table
    }
    made = cast(S, kind.model_construct(None, **values))
    for name, field in kind.model_fields.items():
        if not isinstance(data, Mapping) or _is_wrong((*at, name), wrong, table_in(field.annotation)):
            made.__dict__.pop(name, None)
    return made


def _is_wrong(at: Path, wrong: Set[Path], table: type[Settings] | None) -> bool:
    """Whether a value is wrong; a list with a wrong item is, a table with a wrong key is not."""
    return at in wrong or (table is None and any(path[: len(at)] == at for path in wrong))


def _value(annotation: object, value: object, wrong: Set[Path], at: Path) -> object:
    table = table_in(annotation)
    if isinstance(value, list):
        return tuple(
            draft(table, entry, wrong, (*at, n)) if table else entry for n, entry in enumerate(value)
        )
    return draft(table, value, wrong, at) if table and isinstance(value, Mapping) else value


def settled(findings: Iterator[T]) -> Iterator[T]:
    """Yield the findings of a check until it reads a value that is itself wrong or missing."""
    try:
        yield from findings
    except AttributeError as error:
        if not isinstance(error.obj, Settings) or error.name not in type(error.obj).model_fields:
            raise
