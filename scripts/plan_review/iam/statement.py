"""Parses policy documents into statements; anything else raises NoPolicyError."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod

from plan_review.iam.condition import Condition, implied
from plan_review.iam.pattern_set import EVERYTHING, NOBODY, PatternSet

ACCOUNT_DIGITS = 12


class NoPolicyError(ValueError):
    """A text is not a policy; the message says why."""


@dataclass(frozen=True)
class PolicyStatement:
    """One statement of a policy. ``principal`` is NOBODY in an identity's policy."""

    allows: bool
    actions: PatternSet
    resources: PatternSet
    principals: PatternSet
    conditions: frozenset[Condition]

    def __hash__(self) -> int:  # cached, because the same statements are looked up many times
        kept = self.__dict__
        if "hash" not in kept:
            kept["hash"] = hash((self.allows, *self.dimensions, self.conditions))
        found: int = kept["hash"]
        return found

    @property
    def folded(self) -> PatternSet:
        """The actions in lower case: IAM's are case-insensitive."""
        return self.actions.folded

    def covers(self, other: "PolicyStatement") -> bool:
        """Whether everything that the other allows or denies is allowed or denied by this one."""
        return (
            self.allows is other.allows
            and (self.actions == other.actions or self.folded.covers(other.folded))
            and (self.resources == other.resources or self.resources.covers(other.resources))
            and (self.principals == other.principals or self.principals.covers(other.principals))
            and implied(other.conditions, self.conditions)
        )

    @property
    def dimensions(self) -> tuple[PatternSet, PatternSet, PatternSet]:
        """Its actions, resources and principals."""
        return self.actions, self.resources, self.principals

    @property
    def scopes(self) -> tuple[PatternSet, PatternSet, PatternSet]:
        """Its dimensions in the form in which they are compared."""
        return self.folded, self.resources, self.principals

    def singles(self, place: int) -> tuple[PatternSet, ...]:
        """The patterns of one dimension, one by one; an identity's policy has no principals."""
        return self.dimensions[place].each or (NOBODY,)

    def about(self, actions: PatternSet, resources: PatternSet, principals: PatternSet) -> "PolicyStatement":
        """The same statement about other actions, resources and principals."""
        return PolicyStatement(self.allows, actions, resources, principals, self.conditions)

    def parts(self) -> Iterator["PolicyStatement"]:
        """The statement split into statements about one action, one resource and one principal."""
        if self.size == 1:
            yield self
            return
        for found in product(*map(self.singles, range(len(self.dimensions)))):
            yield self.about(*found)

    @property
    def size(self) -> int:
        """The number of its parts."""
        return prod(dimension.size for dimension in self.dimensions)


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[PolicyStatement, ...]:
    """The statements of a policy's JSON text; none of an empty one. Raises NoPolicyError."""
    if not text.strip():
        return ()
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise NoPolicyError("it is not JSON") from None
    return from_document(document)


def from_document(document: object) -> tuple[PolicyStatement, ...]:
    """The statements of a parsed policy. Raises NoPolicyError."""
    if not isinstance(document, Mapping):
        raise NoPolicyError("it is not a JSON object")
    statements = document.get("Statement", [])
    listed = statements if isinstance(statements, list) else [statements]
    return tuple(_statement(entry) for entry in listed)


def _statement(data: object) -> PolicyStatement:
    if not isinstance(data, Mapping):
        raise NoPolicyError("a statement is not a JSON object")
    if data.get("Effect") not in ("Allow", "Deny"):
        raise NoPolicyError("a statement's Effect is neither Allow nor Deny")
    actions = _scope(data, "Action", _texts)
    if actions is None:
        raise NoPolicyError("a statement has neither Action nor NotAction")
    return PolicyStatement(
        data["Effect"] == "Allow",
        actions,
        _scope(data, "Resource", _texts) or EVERYTHING,
        _scope(data, "Principal", _named) or NOBODY,
        _conditions(data.get("Condition") or {}),
    )


def _scope(
    data: Mapping[str, object], key: str, read: Callable[[object, str], Iterable[str]]
) -> PatternSet | None:
    for name, but in ((key, False), (f"Not{key}", True)):
        if name in data:
            return PatternSet(tuple(sorted(set(read(data[name], name)))), but)
    return None


def _named(value: object, name: str) -> Iterator[str]:
    """Principals as ``kind:name``; everyone is ``*``, however it is written."""
    if value == "*":
        yield "*"
        return
    if not isinstance(value, Mapping):
        raise NoPolicyError(f"a {name} is neither * nor a JSON object")
    for kind, names in value.items():
        for text in _texts(names, name):
            yield "*" if kind == "AWS" and text == "*" else f"{kind}:{_account(text)}"


def _account(name: str) -> str:
    """An account's number alone means its root."""
    alone = len(name) == ACCOUNT_DIGITS and name.isascii() and name.isdigit()
    return f"arn:aws:iam::{name}:root" if alone else name


def _conditions(data: object) -> frozenset[Condition]:
    if not isinstance(data, Mapping):
        raise NoPolicyError("a Condition is not a JSON object")
    found = set()
    for operator, keys in data.items():
        if not isinstance(keys, Mapping):
            raise NoPolicyError("an operator of a Condition is not a JSON object")
        for key, values in keys.items():
            found.add(Condition(str(operator), str(key), frozenset(_texts(values, "Condition"))))
    return frozenset(found)


def _texts(value: object, name: str) -> tuple[str, ...]:
    """One text or several, each once and in order; numbers and booleans as AWS writes them."""
    listed: Iterable[object] = value if isinstance(value, list) else [value]
    found = set()
    for element in listed:
        match element:
            case bool():
                found.add("true" if element else "false")
            case str() | int() | float():
                found.add(str(element))
            case _:
                raise NoPolicyError(f"a value of {name} is not text")
    return tuple(sorted(found))
