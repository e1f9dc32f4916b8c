"""Reads the output of ``terraform show -json`` unmasked; refuses everything that is not a complete plan.

Refused are a state, a configuration, the plan of a failed run. Code that shows a plan uses plan_reader.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from plan_review import json_input
from plan_review.json_input import InvalidInput, Json, get, objects
from plan_review.plan import Action

AGAIN = "write it with `terraform plan -out=FILE`, then `terraform show -json FILE`"
FORMAT = re.compile(r"1\.\d{1,4}")
OLD_FORMAT = re.compile(r"0\.\d{1,4}")
OPENTOFU = "registry.opentofu.org/"
ACTIONS: dict[tuple[str, ...], Action] = {
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.CREATE_BEFORE_DESTROY,
    ("create", "forget"): Action.CREATE_BEFORE_FORGET,
    **{(action.value,): action for action in Action if "-before-" not in action and action != "replace"},
}


@dataclass(frozen=True)
class RawChange:
    """Terraform's data on one resource, unmasked. change: before, after, and their marks."""

    address: str
    mode: str
    type: str
    name: str
    action: Action
    change: dict[str, Json] = field(repr=False)


def read_changes(text: str, name: str) -> tuple[RawChange, ...]:
    """What a plan would do to each resource. name: of the plan in messages. Raises ExplainedError."""
    with json_input.explained(name, then=AGAIN):
        return tuple(
            raw_change(resource, where) for where, resource in listed(load(text), "resource_changes")
        )


def load(text: str) -> dict[str, Json]:
    """Parses a plan; raises InvalidInput for anything else."""
    content = json_input.parse(_unwrapped(text))
    if not isinstance(content, dict):
        raise InvalidInput("it is JSON, but not a plan")
    require_plan(content)
    return content


def _unwrapped(text: str) -> str:
    """The JSON without the lines that the wrapper of GitHub's setup-terraform adds.

    The first line is the command; lines after the JSON are commands to the runner (`@actions/exec`).
    """
    text = text.removeprefix("\ufeff")
    if not text.startswith("[command]"):
        return text
    lines = text.split("\n")[1:]
    while lines and (not lines[-1].strip() or lines[-1].startswith("::")):
        lines.pop()
    if not lines or not lines[0].lstrip().startswith("{"):
        raise InvalidInput(
            "it contains output of setup-terraform's wrapper besides the JSON", "set terraform_wrapper: false"
        )
    return "\n".join(lines)


def listed(content: dict[str, Json], key: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """The objects in a list of the plan, each with its location."""
    return objects(get(content, key, list, ""), key)


def raw_change(resource: dict[str, Json], where: str) -> RawChange:
    """The data of one resource in the plan."""
    change = get(resource, "change", dict, where)
    return RawChange(
        address=get(resource, "address", str, where) or _missing(f"{where}.address"),
        mode=get(resource, "mode", str, where) or "managed",
        type=get(resource, "type", str, where),
        name=get(resource, "name", str, where),
        action=action(change, where),
        change=change,
    )


def action(change: dict[str, Json], where: str) -> Action:
    """The action of a change; an unknown one is refused."""
    actions = get(change, "actions", list, f"{where}.change")
    if not actions:
        _missing(f"{where}.change.actions")
    words = tuple(word for word in actions if isinstance(word, str))
    if len(words) != len(actions) or words not in ACTIONS:
        shown = json_input.short("-".join(words))
        raise InvalidInput(f"{where} has an unknown action: {shown}", "update slipway")
    return ACTIONS[words]


def _missing(where: str) -> NoReturn:
    raise InvalidInput(f"{where} is missing", json_input.TWO_WRITERS)


def require_plan(content: dict[str, Json]) -> None:
    """Raises InvalidInput unless this is a complete plan; that of a failed run is not."""
    if "format_version" not in content:
        _explain_other(content)
    version = get(content, "format_version", str, "")
    if "values" in content and "planned_values" not in content:
        raise InvalidInput("it is a state (or a plan file's state), not a plan", AGAIN)
    if not FORMAT.fullmatch(version):
        shown = json_input.short(version)
        if OLD_FORMAT.fullmatch(version):
            raise InvalidInput(
                f"its format {shown} is from Terraform before 1.1; format 1.0 or later is needed",
                "plan with Terraform 1.1 or later",
            )
        raise InvalidInput(f"its format {shown} is not supported; only 1.x is", "update slipway")
    if not isinstance(content.get("planned_values"), dict):
        raise InvalidInput("it is JSON from Terraform, but not a plan: planned_values is missing")
    if truth(content, "errored", otherwise=False):
        raise InvalidInput(
            "planning failed (errored), so the plan is incomplete",
            "fix the error that `terraform plan` reports, and plan again",
        )
    _require_changes(content)


def _require_changes(content: dict[str, Json]) -> None:
    """Refuses a plan that was edited: Terraform lists every planned resource, also unchanged ones."""
    addresses = {get(change, "address", str, where) for where, change in listed(content, "resource_changes")}
    for address in _managed(get(content, "planned_values", dict, ""), "planned_values"):
        if address not in addresses:
            raise InvalidInput("it is inconsistent: resource_changes lacks resources that planned_values has")
    prior = get(get(content, "prior_state", dict, ""), "values", dict, "prior_state")
    if not addresses and any(True for _ in _managed(prior, "prior_state.values")):
        raise InvalidInput(
            "resource_changes is missing, although prior_state has resources",
            "plan without -refresh-only: such a plan does not contain the changes",
        )


def _managed(values: dict[str, Json], where: str) -> Iterator[str]:
    """The addresses of managed resources in a state, also in modules."""
    for resource in _resources(values, where):
        if resource.get("mode") != "data":
            yield get(resource, "address", str, where)


def _resources(values: dict[str, Json], where: str) -> Iterator[dict[str, Json]]:
    """The resources and data sources in a state, also in modules."""
    pending = [get(values, "root_module", dict, where)]
    while pending:
        module = pending.pop()
        yield from (resource for _, resource in objects(get(module, "resources", list, where), where))
        pending += [child for _, child in objects(get(module, "child_modules", list, where), where)]


OTHERS: tuple[tuple[str, str, str], ...] = (
    (
        "encrypted_data",
        "it is a plan or state encrypted by OpenTofu",
        "run `tofu show -json PLAN` where the key is available, and use its output",
    ),
    (
        "plan_format_version",
        "it is HCP Terraform's redacted plan (json-output-redacted), which lacks data that a review needs",
        "use the run's full plan (json-output), or the output of `terraform show -json`",
    ),
    (
        "remote_plan_format",
        "it is a saved plan of HCP Terraform, which only contains the id of a run",
        "run `terraform show -json` on it, signed in to HCP Terraform",
    ),
    (
        "@level",
        "it is the log of `terraform plan -json`, not a plan",
        "run `terraform plan -out=FILE`, then `terraform show -json FILE`",
    ),
    (
        "errors",
        "it is a server's error response, not a plan",
        "fix the errors, and fetch the plan again",
    ),
)
"""How other JSON is recognised: a key of it, what it is, and what to do.

OpenTofu: `basedata` in internal/encryption/base.go of opentofu/opentofu. Redacted: `Plan` in
internal/command/jsonformat/plan.go, saved: `SavedPlanBookmark` in internal/cloud of hashicorp/terraform.
"""


def _explain_other(content: dict[str, Json]) -> None:
    for key, why, then in OTHERS:
        if key in content:
            raise InvalidInput(why, then)
    if "lineage" in content or "serial" in content:
        raise InvalidInput("it is a state file, not a plan", AGAIN)
    if "resource" in content and "terraform" in content:
        raise InvalidInput("it is a synthesised configuration, not a plan", AGAIN)
    raise InvalidInput("it is JSON, but not a plan: format_version is missing")


def truth(content: dict[str, Json], key: str, *, otherwise: bool) -> bool:
    """A boolean of the plan. otherwise: its value in formats that do not have it."""
    return get(content, key, bool, "") if key in content else otherwise


def accounts(content: dict[str, Json]) -> Iterator[str]:
    """The AWS accounts that a plan is made for: the caller's, and those that its provider allows."""
    prior = get(get(content, "prior_state", dict, ""), "values", dict, "prior_state")
    for resource in _resources(prior, "prior_state.values"):
        account = get(resource, "values", dict, "prior_state").get("account_id")
        if resource.get("type") == "aws_caller_identity" and isinstance(account, str):
            yield account
    configured = get(get(content, "configuration", dict, ""), "provider_config", dict, "configuration")
    for name in configured:
        provider = get(configured, name, dict, "configuration.provider_config")
        expressions = get(provider, "expressions", dict, "configuration.provider_config")
        allowed = expressions.get("allowed_account_ids")
        if provider.get("name") == "aws" and isinstance(allowed, dict):
            constant = allowed.get("constant_value")
            yield from (
                (account for account in constant if isinstance(account, str))
                if isinstance(constant, list)
                else ()
            )


def tool(content: dict[str, Json]) -> str:
    """The program that made a plan; OpenTofu's providers come from a different registry."""
    configured = get(get(content, "configuration", dict, ""), "provider_config", dict, "configuration")
    providers = {
        *(
            get(resource, "provider_name", str, where)
            for where, resource in listed(content, "resource_changes")
        ),
        *(str(provider.get("full_name")) for provider in configured.values() if isinstance(provider, dict)),
    }
    return "OpenTofu" if any(provider.startswith(OPENTOFU) for provider in providers) else "Terraform"
