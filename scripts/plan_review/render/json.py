"""Renders a review as JSON; docs/schemas/review.schema.json describes it."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Literal

from plan_review import expectation
from plan_review.counts import Counts
from plan_review.difference import differences
from plan_review.finding import Finding
from plan_review.plan import Difference, Masked, ResourceChange, Unknown
from plan_review.render.document import (
    ChangeDocument,
    DifferenceDocument,
    FindingDocument,
    ReviewDocument,
    StackDocument,
)
from plan_review.review import Review, ReviewStatus, StackReview

STATUSES: dict[ReviewStatus, Literal["nothing", "changes", "blocked"]] = {
    ReviewStatus.NOTHING_CHANGES: "nothing",
    ReviewStatus.CHANGES: "changes",
    ReviewStatus.BLOCKED: "blocked",
}


def render(review: Review) -> str:
    """The document; no line of it is an order to a runner that reads it in a log."""
    parts = [f"{json.dumps(key)}: {_lines(part)}" for key, part in document(review).items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").replace("##[", "#\\u0023[")


def _lines(part: object) -> str:
    """One line per element: one line per value would take Python five times as long."""
    if not isinstance(part, list) or not part:
        return _JSON.encode(part)
    return "[\n" + ",\n".join(map(_JSON.encode, part)) + "\n]"


def document(review: Review) -> ReviewDocument:
    """A review as the JSON document holds it."""
    return {
        "version": 2,
        "status": STATUSES[review.status],
        "verdict": review.verdict,
        "blocked": review.blocked,
        "stacks": [_stack(stack) for stack in review.stacks],
        "findings": [_finding(finding) for finding in review.findings if not finding.drift],
        "drift_findings": [_finding(finding) for finding in review.findings if finding.drift],
        "unjudged_types": review.unjudged,
        "permissions": [
            {
                "kind": permission.kind,
                "stack": permission.stack,
                "address": permission.address,
                "construct": permission.construct,
                "who": permission.who,
                "sentence": permission.sentence,
                "new": permission.new,
            }
            for permission in review.permissions
        ],
        "expected": dict(expectation.expected_changes([stack.plan for stack in review.stacks])),
    }


def _stack(stack: StackReview) -> StackDocument:
    plan = stack.plan
    return {
        "name": plan.stack,
        "terraform_version": plan.terraform_version,
        "format_version": plan.format_version,
        "complete": plan.complete,
        "counts": stack.counts,
        "changes": [_change(change) for change in stack.changes],
        "drift": [_change(change) for change in plan.drift],
        "outputs": [
            {"name": output.name, "action": output.action, "before": output.before, "after": output.after}
            for output in stack.outputs
        ],
    }


def _change(change: ResourceChange) -> ChangeDocument:
    return {
        "address": change.address,
        "construct": change.construct,
        "mode": "data" if change.mode == "data" else "managed",
        "type": change.type,
        "provider": change.provider,
        "action": change.action,
        "reason": change.reason,
        "deposed": change.deposed,
        "previous_address": change.previous_address,
        "imported": change.imported,
        "differences": _differences(differences(change)),
    }


def _finding(finding: Finding) -> FindingDocument:
    known = finding.acknowledged
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "blocks": finding.blocks,
        "stack": finding.stack,
        "address": finding.address,
        "construct": finding.construct,
        "what": finding.what,
        "why": finding.why,
        "answer": finding.answer,
        "differences": _differences(finding.changes),
        "acknowledged": {"reason": known.reason, "expires": known.expires.isoformat()} if known else None,
    }


def _differences(found: Iterable[Difference]) -> list[DifferenceDocument]:
    return [
        {
            "path": difference.path,
            "before": difference.before,
            "after": difference.after,
            "forces_replacement": difference.forces_replacement,
        }
        for difference in found
    ]


def _word(given: object) -> dict[str, object]:
    """A value that JSON does not have: counts, hidden values, and values that are not known yet."""
    match given:
        case Counts():
            return asdict(given)
        case Masked():
            return {"$hidden": given.label}
        case Unknown():
            return {"$unknown": True}
    raise TypeError(f"cannot write {given!r} as JSON")


_JSON = json.JSONEncoder(default=_word)
