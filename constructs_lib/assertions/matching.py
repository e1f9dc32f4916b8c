"""Compares a synthesised value with an expected one and describes every difference in one line.

The rules, at any depth: a table must have the expected keys and may have more; a list must have exactly
the expected elements in the same order, each matched by these rules; anything else must be equal.
``None`` means that the key must be absent.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches


def differences(
    found: object, expected: object, *, known: Collection[str] | None = None, path: str = ""
) -> Iterator[str]:
    """Yield every difference between ``found`` and ``expected``; nothing if they match.

    known: all keys that may exist. A key that is expected to be absent must be one of them, because a
        misspelt key is always absent. Default: none; no key can then be expected to be absent.
    path: the position of ``found``, for messages. Default: the top.
    """
    if isinstance(expected, Mapping):
        if isinstance(found, Mapping):
            yield from _in_table(found, expected, known, path)
        else:
            yield _unequal(path, found, expected)
    elif isinstance(expected, Sequence) and not isinstance(expected, str):
        if isinstance(found, list):
            yield from _in_list(found, expected, known, path)
        else:
            yield _unequal(path, found, expected)
    elif found != expected or isinstance(found, bool) is not isinstance(expected, bool):  # 1 is not True
        yield _unequal(path, found, expected)


def _in_table(
    found: Mapping[str, object],
    expected: Mapping[str, object],
    known: Collection[str] | None,
    path: str,
) -> Iterator[str]:
    for key, value in expected.items():
        below = f"{path}.{key}" if path else key
        if value is None:
            yield from _present(found, key, known, below)
        elif key not in found:
            yield f"{below}: missing, expected {_show(value)}{_nearest(key, found)}"
        else:
            yield from differences(found[key], value, known=known, path=below)


def _present(
    found: Mapping[str, object], key: str, known: Collection[str] | None, path: str
) -> Iterator[str]:
    if found.get(key) is not None:
        yield f"{path}: expected to be absent, found {_show(found[key])}"
    elif known is None:
        yield f"{path}: cannot tell absent from misspelt; use an assertion that takes the kind"
    elif key not in known:
        yield f"{path}: expected to be absent, but no such key exists{_nearest(key, known)}"


def _in_list(
    found: Sequence[object], expected: Sequence[object], known: Collection[str] | None, path: str
) -> Iterator[str]:
    if len(found) != len(expected):
        yield f"{path}: expected {len(expected)} elements, found {len(found)}: {_show(found)}"
        return
    for index, (element, wanted) in enumerate(zip(found, expected, strict=True)):
        yield from differences(element, wanted, known=known, path=f"{path}[{index}]")


def _unequal(path: str, found: object, expected: object) -> str:
    return f"{path or 'it'}: expected {_show(expected)}, found {_show(found)}"


def _nearest(key: str, keys: Collection[str]) -> str:
    near = get_close_matches(key, list(keys), n=1)
    if near:
        return f"; the nearest key is {near[0]}"
    return f"; the keys are {', '.join(sorted(keys))}" if len(keys) <= 20 else ""


def _show(value: object) -> str:
    return json.dumps(value, default=repr, ensure_ascii=False)
