"""The plans that real Terraform made for these tests, and what they would be in older formats."""

import copy
import json
from pathlib import Path
from typing import Any  # Terraform's JSON

from plan_review.counts import Counts

PLANS = Path(__file__).parent / "plans"
SUMMARIES: dict[str, str] = json.loads((PLANS / "summaries.json").read_text("utf-8"))
NO_REVIEW = "errored"
READABLE = sorted(set(SUMMARIES) - {NO_REVIEW})


def text(name: str) -> str:
    """A plan as ``terraform show -json`` wrote it."""
    return (PLANS / f"{name}.json").read_text("utf-8")


def summary(counts: Counts) -> str:
    """The line that Terraform itself ends such a plan with; the words of ``terraform plan``."""
    imported = f"{counts.imported} to import, " if counts.imported else ""
    added, destroyed = counts.added + counts.replaced, counts.destroyed + counts.replaced
    return f"Plan: {imported}{added} to add, {counts.changed} to change, {destroyed} to destroy."


def in_format(content: str, version: str) -> str:
    """A plan as an older Terraform would have written it: without what its format did not have.

    There is one Terraform here, so this takes away what later formats added, by Terraform's changelog:
    1.1 (Terraform 1.2) has no imports, no timestamp, and does not say whether a plan is whole; 1.0
    (Terraform 1.1) has no relevant attributes and no checks, and gives no reason for reading.
    """
    plan: dict[str, Any] = copy.deepcopy(json.loads(content))
    plan["format_version"] = version
    for key in ("timestamp", "applyable", "complete", "errored"):
        plan.pop(key, None)
    for resource in plan.get("resource_changes", []):
        resource["change"].pop("importing", None)
        if version == "1.0" and resource.get("action_reason", "").startswith("read_"):
            del resource["action_reason"]
    if version == "1.0":
        plan.pop("relevant_attributes", None)
        plan.pop("checks", None)
    return json.dumps(plan)
