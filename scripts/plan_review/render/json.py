"""A review as one JSON document: docs/schemas/review.schema.json says what it holds."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TypeAlias

from plan_review import expectation
from plan_review.difference import differences
from plan_review.finding import Finding
from plan_review.plan import Difference, Masked, ResourceChange, Unknown
from plan_review.review import Review, ReviewStatus, StackReview

VERSION = 1
STATUSES = {
    ReviewStatus.NOTHING_CHANGES: "nothing",
    ReviewStatus.CHANGES: "changes",
    ReviewStatus.BLOCKED: "blocked",
}
PERMISSION = ("kind", "stack", "address", "construct", "who", "sentence", "new")

Object: TypeAlias = "dict[str, object]"  # of JSON's own types, and of what _word has a word for


def render(review: Review) -> str:
    """The document; no line of it is an order to a runner that reads it in a log."""
    parts = [f"{json.dumps(key)}: {_lines(part)}" for key, part in document(review).items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").replace("##[", "#\\u0023[")


def _lines(part: object) -> str:
    """A line for each element; more lines would take Python five times as long to write."""
    if not isinstance(part, list) or not part:
        return _JSON.encode(part)
    return "[\n" + ",\n".join(map(_JSON.encode, part)) + "\n]"


def document(review: Review) -> Object:
    """The review's content."""
    return {
        "version": VERSION,
        "status": STATUSES[review.status],
        "verdict": review.verdict,
        "blocked": review.blocked,
        "stacks": [_stack(each) for each in review.stacks],
        "findings": [_finding(each) for each in review.findings],
        "permissions": [_fields(each, *PERMISSION) for each in review.permissions],
        "expected": expectation.expected_changes([each.plan for each in review.stacks]),
    }


def _stack(stack: StackReview) -> Object:
    return {
        "name": stack.plan.stack,
        **_fields(stack.plan, "terraform_version", "format_version", "complete"),
        "counts": asdict(stack.counts),
        "changes": [_change(each) for each in stack.changes],
        "drift": [_change(each) for each in stack.plan.drift],
        "outputs": [_fields(each, "name", "action", "before", "after") for each in stack.outputs],
    }


def _fields(given: object, *names: str) -> Object:
    return {name: getattr(given, name) for name in names}


def _change(change: ResourceChange) -> Object:
    names = ("address", "construct", "mode", "type", "provider", "action", "reason", "deposed")
    return {
        **_fields(change, *names, "previous_address", "imported"),
        "differences": _differences(differences(change)),
    }


def _finding(finding: Finding) -> Object:
    known = finding.acknowledged
    return {
        **_fields(finding, "rule", "severity", "blocks", "stack", "address", "construct"),
        **_fields(finding, "what", "why", "answer"),
        "differences": _differences(finding.changes),
        "acknowledged": known and {"reason": known.reason, "expires": known.expires.isoformat()},
    }


def _differences(found: Iterable[Difference]) -> list[Object]:
    return [_fields(each, "path", "before", "after", "forces_replacement") for each in found]


def _word(given: object) -> Object:
    """What is hidden or not known yet, which JSON has no word for: an object of one key."""
    assert isinstance(given, Masked | Unknown)  # JSON can write all else
    return {"$hidden": given.label} if isinstance(given, Masked) else {"$unknown": True}


_JSON = json.JSONEncoder(default=_word)
