"""Tells a whole plan from what only looks like one: a state, a configuration, the plan of a failed run."""

import re

from slipway.review import document
from slipway.review.document import Json, Problem, get, objects

AGAIN = "write it with `terraform plan -out=FILE`, then `terraform show -json FILE`"
FORMAT = re.compile(r"1\.\d{1,4}")


def require_plan(content: dict[str, Json]) -> None:
    """Refuse all else in words; a plan of a run that failed is none that could be applied."""
    if "format_version" not in content:
        _explain_other(content)
    version = get(content, "format_version", str, "")
    if "values" in content and "planned_values" not in content:
        raise Problem("it is a state (or a plan file's state), not a plan", AGAIN)
    if not FORMAT.fullmatch(version):
        raise Problem(
            f"its format is {document.short(version)}; 1.0 and what is compatible to it can be read",
            "use a Terraform from 1.1 on, and a slipway that knows its format",
        )
    if not isinstance(content.get("planned_values"), dict):
        raise Problem("it is JSON of Terraform, but not of a plan: planned_values is missing")
    if truth(content, "errored", otherwise=False):
        raise Problem(
            "planning failed (errored), so it does not say what applying would do",
            "read what `terraform plan` says, put it right, and plan again",
        )
    _require_changes(content)


def _require_changes(content: dict[str, Json]) -> None:
    """Terraform lists every resource, also those that stay: a list that is not there was taken out."""
    prior = get(get(content, "prior_state", dict, ""), "values", dict, "prior_state")
    for where, values in (
        ("planned_values", get(content, "planned_values", dict, "")),
        ("prior_state", prior),
    ):
        if "resource_changes" not in content and _manages(get(values, "root_module", dict, where), where):
            raise Problem(
                f"resource_changes is missing, although {where} has resources: it was tampered with"
            )


def _manages(module: dict[str, Json], where: str) -> bool:
    """Whether there is any managed resource in a module or below it."""
    resources = objects(get(module, "resources", list, where), where)
    if any(resource.get("mode") != "data" for _, resource in resources):
        return True
    below = objects(get(module, "child_modules", list, where), where)
    return any(_manages(child, place) for place, child in below)


def _explain_other(content: dict[str, Json]) -> None:
    if "lineage" in content or "serial" in content:
        raise Problem("it is a state file, not a plan", AGAIN)
    if "resource" in content and "terraform" in content:
        raise Problem("it is a synthesised configuration, not a plan", AGAIN)
    raise Problem("it is JSON, but not a plan: format_version is missing")


def truth(content: dict[str, Json], key: str, *, otherwise: bool) -> bool:
    """A switch of the plan; otherwise: what it is in formats that do not have it."""
    return get(content, key, bool, "") if key in content else otherwise
