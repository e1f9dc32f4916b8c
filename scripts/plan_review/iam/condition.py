"""The conditions of a statement: which imply others, and how they read."""

import ipaddress
from dataclasses import dataclass

from plan_review.iam.wildcards import includes

_ALIKE = {"arnequals": "arnlike", "arnnotequals": "arnnotlike"}
_LIKE = {"stringlike", "arnlike"}
_EQUAL = {"stringequals": "stringlike"}


@dataclass(frozen=True)
class Condition:
    """One line of a Condition: an operator, a context key, and the values, one of which must match."""

    operator: str
    key: str
    values: frozenset[str]

    @property
    def quantifier(self) -> str:
        """``forallvalues``, ``foranyvalue`` or ""."""
        return self.operator.lower().rpartition(":")[0]

    @property
    def optional(self) -> bool:
        """Whether it holds for a request without the key."""
        return self.operator.lower().endswith("ifexists")

    @property
    def test(self) -> str:
        """The operator alone, in lower case; AWS treats ArnEquals as ArnLike."""
        name = self.operator.lower().rpartition(":")[2].removesuffix("ifexists")
        return _ALIKE.get(name, name)

    def implies(self, other: "Condition") -> bool:
        """Whether every request that satisfies this satisfies the other; False if it cannot be determined."""
        if self.key.lower() != other.key.lower() or self.quantifier != other.quantifier:
            return False
        if self.optional and not other.optional:
            return False
        return _at_least_as_strict(self.test, self.values, other.test, other.values)


def implied(strict: frozenset[Condition], loose: frozenset[Condition]) -> bool:
    """Whether every request that satisfies all strict conditions satisfies all loose ones."""
    return all(any(mine.implies(clause) for mine in strict) for clause in loose)


def _at_least_as_strict(test: str, values: frozenset[str], other: str, others: frozenset[str]) -> bool:
    if test == other and values == others:
        return True
    if _EQUAL.get(test) == other:
        test = other
    if test != other:
        return False
    if "not" in test:
        return all(any(_within(value, mine, test) for mine in values) for value in others)
    if test.startswith(("numeric", "date")) and not test.endswith("equals"):
        return False
    if test in ("null", "bool"):
        return values <= others
    return all(any(_within(mine, value, test) for value in others) for mine in values)


def _within(narrow: str, wide: str, test: str) -> bool:
    """Whether one value covers another, as this operator reads values."""
    if test.replace("not", "") in _LIKE:
        return includes(wide, narrow)
    if "ipaddress" in test:
        return narrow == wide or _network_within(narrow, wide)
    if "ignorecase" in test:
        return narrow.lower() == wide.lower()
    return narrow == wide


def _network_within(narrow: str, wide: str) -> bool:
    try:
        inner, outer = ipaddress.ip_network(narrow, strict=False), ipaddress.ip_network(wide, strict=False)
    except ValueError:
        return False
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False
