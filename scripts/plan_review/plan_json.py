"""Reads the output of ``terraform show -json`` as it is, secrets too; refuses all that is not a whole plan.

That is a state, a configuration, the plan of a run that failed. Who shows a plan reads it by plan_reader.py.
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
    """What Terraform says of one resource, nothing of it hidden. change: before, after, and marks of both."""

    address: str
    mode: str
    type: str
    name: str
    action: Action
    change: dict[str, Json] = field(repr=False)


def read_changes(text: str, name: str) -> tuple[RawChange, ...]:
    """What a plan would do to each resource; name: what errors call the plan. Raises ExplainedError."""
    with json_input.explained(name, then=AGAIN):
        return tuple(
            raw_change(resource, where) for where, resource in listed(load(text), "resource_changes")
        )


def load(text: str) -> dict[str, Json]:
    """The plan in a text; all else is refused in words."""
    content = json_input.parse(_unwrapped(text))
    if not isinstance(content, dict):
        raise InvalidInput("it is JSON, but not a plan")
    require_plan(content)
    return content


def _unwrapped(text: str) -> str:
    """The JSON without what the wrapper of GitHub's setup-terraform writes around it.

    Its first line is the command, and lines behind the JSON are orders to the runner (`@actions/exec`).
    """
    text = text.removeprefix("\ufeff")
    if not text.startswith("[command]"):
        return text
    lines = text.split("\n")[1:]
    while lines and (not lines[-1].strip() or lines[-1].startswith("::")):
        lines.pop()
    if not lines or not lines[0].lstrip().startswith("{"):
        raise InvalidInput(
            "it is the output of setup-terraform's wrapper, and not only JSON", "set terraform_wrapper: false"
        )
    return "\n".join(lines)


def listed(content: dict[str, Json], key: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """The objects in a list of the plan, each with where it is."""
    return objects(get(content, key, list, ""), key)


def raw_change(resource: dict[str, Json], where: str) -> RawChange:
    """One of a plan's resources."""
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
    """What is done; whatever is not known by name here is refused, never passed over."""
    actions = get(change, "actions", list, f"{where}.change")
    if not actions:
        _missing(f"{where}.change.actions")
    words = tuple(word for word in actions if isinstance(word, str))
    if len(words) != len(actions) or words not in ACTIONS:
        shown = json_input.short("-".join(words))
        raise InvalidInput(
            f"{where} has an action that this version does not know: {shown}", "update slipway"
        )
    return ACTIONS[words]


def _missing(where: str) -> NoReturn:
    raise InvalidInput(f"{where} is missing", json_input.TWO_WRITERS)


def require_plan(content: dict[str, Json]) -> None:
    """Refuse all else in words; a plan of a run that failed is none that could be applied."""
    if "format_version" not in content:
        _explain_other(content)
    version = get(content, "format_version", str, "")
    if "values" in content and "planned_values" not in content:
        raise InvalidInput("it is a state (or a plan file's state), not a plan", AGAIN)
    if not FORMAT.fullmatch(version):
        shown = json_input.short(version)
        if OLD_FORMAT.fullmatch(version):
            raise InvalidInput(
                f"its format is {shown}, which Terraform before 1.1 wrote; 1.0 and later can be read",
                "plan with Terraform 1.1 or later",
            )
        raise InvalidInput(
            f"its format is {shown}; 1.0 and what is compatible to it can be read", "update slipway"
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
    addresses = {get(change, "address", str, where) for where, change in listed(content, "resource_changes")}
    for address in _managed(get(content, "planned_values", dict, ""), "planned_values"):
        if address not in addresses:
            raise InvalidInput(
                "its parts disagree: resource_changes lacks resources that planned_values has, so it is not "
                "as Terraform wrote it"
            )
    prior = get(get(content, "prior_state", dict, ""), "values", dict, "prior_state")
    if not addresses and any(True for _ in _managed(prior, "prior_state.values")):
        raise InvalidInput(
            "resource_changes is missing, although prior_state has resources",
            "plan without -refresh-only, which says nothing of what applying would change",
        )


def _managed(values: dict[str, Json], where: str) -> Iterator[str]:
    """The address of each managed resource in a state, in its modules too."""
    for resource in _resources(values, where):
        if resource.get("mode") != "data":
            yield get(resource, "address", str, where)


def _resources(values: dict[str, Json], where: str) -> Iterator[dict[str, Json]]:
    """Each resource and data source in a state, in its modules too."""
    pending = [get(values, "root_module", dict, where)]
    while pending:
        module = pending.pop()
        yield from (resource for _, resource in objects(get(module, "resources", list, where), where))
        pending += [child for _, child in objects(get(module, "child_modules", list, where), where)]


OTHERS: tuple[tuple[str, str, str], ...] = (
    (
        "encrypted_data",
        "OpenTofu encrypted it, as a plan or a state",
        "run `tofu show -json PLAN` where the key is, and take what that prints",
    ),
    (
        "plan_format_version",
        "it is HCP Terraform's redacted plan (json-output-redacted), which lacks what a review needs",
        "take the run's whole plan (json-output), or what `terraform show -json` prints",
    ),
    (
        "remote_plan_format",
        "it is a saved plan of HCP Terraform, which only names a run",
        "run `terraform show -json` on it, signed in to HCP Terraform",
    ),
    (
        "@level",
        "it is the log of `terraform plan -json`, not a plan",
        "run `terraform plan -out=FILE`, then `terraform show -json FILE`",
    ),
    (
        "errors",
        "it is a server's answer with errors, not a plan",
        "read the errors, and fetch the plan again",
    ),
)
"""What other JSON is known by: a key of it, what it is, and what to do.

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
    """A switch of the plan; otherwise: what it is in formats that do not have it."""
    return get(content, key, bool, "") if key in content else otherwise


def accounts(content: dict[str, Json]) -> Iterator[str]:
    """The AWS accounts that a plan is made for: who asked, and which accounts its provider allows."""
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
    """Which program made a plan: OpenTofu's providers come from a registry of its own."""
    configured = get(get(content, "configuration", dict, ""), "provider_config", dict, "configuration")
    providers = {
        *(
            get(resource, "provider_name", str, where)
            for where, resource in listed(content, "resource_changes")
        ),
        *(str(provider.get("full_name")) for provider in configured.values() if isinstance(provider, dict)),
    }
    return "OpenTofu" if any(provider.startswith(OPENTOFU) for provider in providers) else "Terraform"
