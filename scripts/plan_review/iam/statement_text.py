"""Formats actions, resources, principals and conditions for readers."""

import re
from collections.abc import Collection, Iterable

from plan_review.iam.condition import Condition
from plan_review.iam.pattern_set import PatternSet

_ROOT = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):root")
_TESTS = {
    "stringequals": "is",
    "stringnotequals": "is not",
    "stringequalsignorecase": "is",
    "stringnotequalsignorecase": "is not",
    "stringlike": "is like",
    "stringnotlike": "is not like",
    "arnlike": "is like",
    "arnnotlike": "is not like",
    "ipaddress": "is in",
    "notipaddress": "is not in",
    "bool": "is",
    "binaryequals": "is",
    "numericequals": "is",
    "numericnotequals": "is not",
    "numericlessthan": "is below",
    "numericlessthanequals": "is at most",
    "numericgreaterthan": "is above",
    "numericgreaterthanequals": "is at least",
    "dateequals": "is",
    "datenotequals": "is not",
    "datelessthan": "is before",
    "datelessthanequals": "is not after",
    "dategreaterthan": "is after",
    "dategreaterthanequals": "is not before",
}
_QUANTIFIERS = {"foranyvalue": "any of ", "forallvalues": "each of "}


def actions(scope: PatternSet) -> str:
    """``s3:GetObject and s3:PutObject``, ``do everything (*)``."""
    if scope.everything:
        return "do everything (*)"
    listed = listing(scope.patterns)
    return f"do everything but {listed}" if scope.but else listed


def resources(scope: PatternSet) -> str:
    """`` on arn:…``, with the space before it."""
    if scope.everything:
        return " on everything (*)"
    listed = listing(scope.patterns)
    return f" on everything but {listed}" if scope.but else f" on {listed}"


def principals(scope: PatternSet) -> str:
    """``service ec2.amazonaws.com``, ``account 123456789012``, ``everyone``."""
    if scope.everything:
        return "everyone"
    listed = listing(principal(pattern) for pattern in scope.patterns)
    return f"everyone but {listed}" if scope.but else listed


def principal(name: str) -> str:
    """A principal, written ``kind:name``, for readers."""
    if name == "*":
        return "everyone"
    kind, _, who = name.partition(":")
    if root := _ROOT.fullmatch(who):
        return f"account {root[1]}"
    return {"Service": f"service {who}", "Federated": f"identities of {who}", "AWS": who}.get(kind, name)


def conditions(clauses: Collection[Condition]) -> str:
    """Conditions as text, such as `` if aws:SourceAccount is 123456789012``; "" without any."""
    said = sorted(condition(clause) for clause in clauses)
    return f" if {' and '.join(said)}" if said else ""


def condition(clause: Condition) -> str:
    """One condition: key, operator and the values, one of which must match."""
    values = listing(sorted(clause.values), "or") or "nothing at all"
    key = _QUANTIFIERS.get(clause.quantifier, "") + clause.key
    if clause.test == "null":
        return f"{key} is {'absent' if clause.values == {'true'} else 'present'}"
    said = f"{key} {_TESTS.get(clause.test, clause.operator)} {values}"
    return f"{said}, where there is one" if clause.optional else said


def listing(words: Iterable[str], last: str = "and") -> str:
    """The words as a list: ``a, b and c``."""
    listed = list(words)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}" if len(listed) > 1 else "".join(listed)
