"""Tells a whole plan from what only looks like one: a state, a configuration, the plan of a failed run."""

import re
from collections.abc import Iterator

from plan_review import json_input
from plan_review.json_input import InvalidInput, Json, get, objects

AGAIN = "write it with `terraform plan -out=FILE`, then `terraform show -json FILE`"
FORMAT = re.compile(r"1\.\d{1,4}")


def require_plan(content: dict[str, Json]) -> None:
    """Refuse all else in words; a plan of a run that failed is none that could be applied."""
    if "format_version" not in content:
        _explain_other(content)
    version = get(content, "format_version", str, "")
    if "values" in content and "planned_values" not in content:
        raise InvalidInput("it is a state (or a plan file's state), not a plan", AGAIN)
    if not FORMAT.fullmatch(version):
        raise InvalidInput(
            f"its format is {json_input.short(version)}; 1.0 and what is compatible to it can be read",
            "use a Terraform from 1.1 on, and a slipway that knows its format",
        )
    if not isinstance(content.get("planned_values"), dict):
        raise InvalidInput("it is JSON of Terraform, but not of a plan: planned_values is missing")
    if truth(content, "errored", otherwise=False):
        raise InvalidInput(
            "planning failed (errored), so it does not say what applying would do",
            "read what `terraform plan` says, put it right, and plan again",
        )
    _require_changes(content)


def _require_changes(content: dict[str, Json]) -> None:
    """Terraform lists every resource that it plans, also those that stay: one that lacks was taken out."""
    listed = {
        get(change, "address", str, where)
        for where, change in objects(get(content, "resource_changes", list, ""), "resource_changes")
    }
    for address in _managed(get(content, "planned_values", dict, ""), "planned_values"):
        if address not in listed:
            raise InvalidInput(
                "resource_changes lacks resources that planned_values has: it was tampered with"
            )
    prior = get(get(content, "prior_state", dict, ""), "values", dict, "prior_state")
    if not listed and any(True for _ in _managed(prior, "prior_state.values")):
        raise InvalidInput(
            "resource_changes is missing, although prior_state has resources",
            "plan without -refresh-only, which says nothing of what applying would change",
        )


def _managed(values: dict[str, Json], where: str) -> Iterator[str]:
    """The address of each managed resource in a state, in its modules too."""
    pending = [get(values, "root_module", dict, where)]
    while pending:
        module = pending.pop()
        for place, resource in objects(get(module, "resources", list, where), where):
            if resource.get("mode") != "data":
                yield get(resource, "address", str, place)
        pending += [child for _, child in objects(get(module, "child_modules", list, where), where)]


def _explain_other(content: dict[str, Json]) -> None:
    if "lineage" in content or "serial" in content:
        raise InvalidInput("it is a state file, not a plan", AGAIN)
    if "resource" in content and "terraform" in content:
        raise InvalidInput("it is a synthesised configuration, not a plan", AGAIN)
    raise InvalidInput("it is JSON, but not a plan: format_version is missing")


def truth(content: dict[str, Json], key: str, *, otherwise: bool) -> bool:
    """A switch of the plan; otherwise: what it is in formats that do not have it."""
    return get(content, key, bool, "") if key in content else otherwise
