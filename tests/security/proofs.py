"""Compares permissions with uses: uses without a permission, and permissions without a use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.security.account import Account, Role
from tests.security.evaluation import Decision, Question, evaluate
from tests.security.permissions import Permission, permissions, without
from tests.security.uses import build, commands, deploy, flow_logs, hosts, pipeline, plan, source_events
from tests.security.uses.use import EnvironmentUses, SharedUses, Use

SHARED: dict[str, SharedUses] = {
    "build": build.uses,
    "pipeline": pipeline.uses,
    "plan": plan.uses,
    "source-events": source_events.uses,
}
IN_ENVIRONMENTS: dict[str, EnvironmentUses] = {
    "command": commands.uses,
    "deploy": deploy.uses,
    "flow-logs": flow_logs.uses,
    "host": hosts.uses,
}
EXPANDED = {
    "kms:GenerateDataKey*": ("kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"),
    "kms:ReEncrypt*": ("kms:ReEncryptFrom", "kms:ReEncryptTo"),
}
"""The actions that are tested for a use whose page has a wildcard."""


@dataclass(frozen=True)
class Request:
    """One request of a use."""

    use: Use
    action: str
    resource: str

    def question(self, account: Account, role: Role) -> Question:
        return account.question(role, self.action, self.resource, self.use.context)

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}: {self.use.why}"


def uses_of(account: Account, role: Role) -> list[Use]:
    """The uses of a role."""
    if role.kind in SHARED:
        return SHARED[role.kind](account)
    (environment,) = [each for each in account.names.environments if each.environment == role.environment]
    return IN_ENVIRONMENTS[role.kind](account, environment)


def requests(uses: Iterable[Use]) -> list[Request]:
    """All requests of these uses."""
    return [
        Request(use, one, resource)
        for use in uses
        for action in use.actions
        for one in EXPANDED.get(action, (action,))
        for resource in use.on
    ]


def missing(account: Account, *roles: Role) -> dict[str, list[str]]:
    """The requests of each role's uses that are denied. Default: of all roles."""
    judged = roles or tuple(account.roles.values())
    asked = [(role, each) for role in judged for each in requests(uses_of(account, role))]
    decisions = evaluate(each.question(account, role) for role, each in asked)
    found: dict[str, list[str]] = {role.name: [] for role in judged}
    for (role, request), decision in zip(asked, decisions, strict=True):
        if decision is not Decision.ALLOWED:
            found[role.name].append(str(request))
    return found


def surplus(account: Account, *roles: Role) -> dict[str, list[str]]:
    """The permissions of each role that it does not need: without them all its uses are still allowed.

    Default: of all roles.
    """
    judged = roles or tuple(account.roles.values())
    trials = [trial for role in judged for trial in _trials(account, role)]
    decisions = evaluate(
        request.question(account, without(role, permission)) for role, permission, request in trials
    )
    needed = {
        (role.name, permission)
        for (role, permission, _), decision in zip(trials, decisions, strict=True)
        if decision is not Decision.ALLOWED
    }
    return {
        role.name: [str(each) for each in permissions(role.statements) if (role.name, each) not in needed]
        for role in judged
    }


def _trials(account: Account, role: Role) -> Iterator[tuple[Role, Permission, Request]]:
    """Each permission of a role, with the requests that it may apply to."""
    asked = requests(uses_of(account, role))
    for permission in permissions(role.statements):
        for request in asked:
            if fnmatchcase(request.action, permission.action):
                yield role, permission, request
