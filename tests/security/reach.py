"""How far permissions reach: the requests of each role's uses, made on similar resources."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.security.account import Account, Role, owner
from tests.security.evaluation import Decision, Question, evaluate
from tests.security.permissions import permissions
from tests.security.proofs import Request, requests, uses_of

OTHER_ACCOUNT = "999999999999"
OTHER_REGION = "us-east-1"
OTHER_SERVICE = "other-app"


@dataclass(frozen=True)
class Neighbour:
    """A resource similar to one that a role uses, and the difference."""

    differs: str
    arn: str


def overreaches(account: Account, role: Role) -> list[str]:
    """The requests of the role that are allowed on similar resources of others."""
    asked = [
        (request, neighbour)
        for request in requests(uses_of(account, role))
        if not _takes_everything(role, request)
        for neighbour in neighbours(account, role, request.resource)
    ]
    decisions = evaluate(_question(account, role, each, neighbour) for each, neighbour in asked)
    return [
        f"{each.action} on {neighbour.arn}, of {neighbour.differs}"
        for (each, neighbour), decision in zip(asked, decisions, strict=True)
        if decision is Decision.ALLOWED
    ]


def neighbours(account: Account, role: Role, arn: str) -> Iterator[Neighbour]:
    """Resources that differ only in their account, region, service or environment."""
    names = account.names
    here, rest = arn.split(":")[:5], arn.split(":")[5:]
    if here[3]:
        yield Neighbour("another region", ":".join([*here[:3], OTHER_REGION, here[4], *rest]))
    if here[4]:
        yield Neighbour("another account", ":".join([*here[:4], OTHER_ACCOUNT, *rest]))
    resource = ":".join(rest)
    if resource.startswith("key/"):
        yield Neighbour(OTHER_SERVICE, account.key(f"alias/{OTHER_SERVICE}"))
    others = {names.service: OTHER_SERVICE}
    for environment in names.environments:
        if role.environment and environment.environment != role.environment:
            others[f"{names.service}-{role.environment}"] = environment.prefix
            others[f"/{names.service}/{role.environment}"] = (
                f"/{environment.service}/{environment.environment}"
            )
    for ours, theirs in others.items():
        if ours in resource:
            yield Neighbour(theirs, ":".join([*here, resource.replace(ours, theirs)]))


def _takes_everything(role: Role, request: Request) -> bool:
    """Whether the action is allowed on ``*``, with its reason: then no resource is out of reach."""
    granted = permissions(role.statements)
    return request.resource == "*" or any(
        each.resource == "*" and each.action == request.action for each in granted
    )


def _question(account: Account, role: Role, request: Request, neighbour: Neighbour) -> Question:
    """The request on the similar resource, whose policy leaves the decision to its account's IAM.

    The aliases of a key show its service, so they differ too.
    """
    context = {
        key: [value.replace(account.names.service, OTHER_SERVICE) for value in values]
        if key == "kms:ResourceAliases" and neighbour.differs == OTHER_SERVICE
        else values
        for key, values in request.use.context.items()
    }
    question = account.question(role, request.action, neighbour.arn, context)
    return replace(
        question,
        owner=owner(neighbour.arn, account.names.account),
        on_resource=account.policy_on(request.resource),
    )
