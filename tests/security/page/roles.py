"""The section on each role's permissions: actions, resources, conditions, reason and source."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase

from tests.security.account import Role
from tests.security.page.markdown import DEMO, code, codes, only_if, short, table
from tests.security.permissions import Permission, permissions
from tests.security.proofs import EXPANDED, uses_of
from tests.security.uses.use import RECORDED, Use

TITLES = {
    "build": "Builds (CodeBuild runs `buildspec.yml`)",
    "pipeline": "The pipeline (CodePipeline)",
    "deploy": "Deployments (CodeDeploy), a role for each environment",
    "host": "Hosts (EC2), a role for each environment",
    "flow-logs": "Flow logs (VPC), a role for each environment",
    "plan": "CI's plan (GitHub Actions)",
}
HEADS = ("actions", "resources", "conditions", "reason", "source")
PEOPLE = """Managed policies to attach to the people who monitor the service (`{viewer}`) and to those who
operate it (`{operator}`): they allow only the calls of the `slipway` commands.
`tests/security/test_operators.py` runs every command and compares its recorded calls with these
policies, in both directions."""


def section() -> str:
    """Each role once: the roles of all environments differ only in its name, which a test checks."""
    parts = [f"### {title}\n\n{_table(_first(kind))}" for kind, title in TITLES.items()]
    return "## Permissions of each role\n\n" + "\n\n".join([*parts, _people()])


def rows(role: Role) -> list[tuple[str, ...]]:
    """A role's uses, with what is granted for them; the name of its environment left open."""
    return [tuple(_open(role, cell) for cell in row) for use in uses_of(DEMO, role) for row in _of(role, use)]


def _first(kind: str) -> Role:
    return next(role for role in DEMO.roles.values() if role.kind == kind)


def _table(role: Role) -> str:
    merged: dict[tuple[str, ...], list[str]] = {}
    for actions, *rest in rows(role):
        merged.setdefault(tuple(rest), []).extend(actions.split("<br>"))
    return table(HEADS, (("<br>".join(dict.fromkeys(actions)), *rest) for rest, actions in merged.items()))


def _of(role: Role, use: Use) -> Iterator[tuple[str, ...]]:
    """One row for each set of resources and conditions that a use needs."""
    granted: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for action in use.actions:
        allowing = [
            permission for permission in permissions(role.statements) if _allows(permission, action, use)
        ]
        conditions = {each.conditions for each in allowing}
        resources = tuple(dict.fromkeys(short(each.resource) for each in allowing))
        granted.setdefault((resources, min(conditions, key=len)), []).append(action)
    for (resources, condition), actions in granted.items():
        statement = {"Condition": json.loads(condition)} if condition else {}
        yield codes(actions), codes(resources), codes(only_if(statement)), use.why, _known(use.source)


def _allows(permission: Permission, action: str, use: Use) -> bool:
    one = EXPANDED.get(action, (action,))[0]
    conditions = json.loads(permission.conditions) if permission.conditions else {}
    return (
        fnmatchcase(one, permission.action)
        and any(fnmatchcase(each, permission.resource) for each in use.on)
        and all(key in use.context for keys in conditions.values() for key in keys)
    )


def _known(source: str) -> str:
    if source == RECORDED or source.startswith("inferred"):
        return source
    return f"[documented](https://{source})" if " " not in source else source


def _open(role: Role, cell: str) -> str:
    if not role.environment:
        return cell
    service = DEMO.names.service
    named = {f"{service}-{role.environment}": f"{service}-&lt;environment&gt;"}
    named[f"{service}/{role.environment}"] = f"{service}/&lt;environment&gt;"
    for name, opened in named.items():
        cell = cell.replace(name, opened.replace("&lt;", "<").replace("&gt;", ">"))
    return cell


def _people() -> str:
    viewer, operator = DEMO.people["viewer"], DEMO.people["operator"]
    looking = [str(statement) for statement in viewer.statements]
    more = [statement for statement in operator.statements if str(statement) not in looking]
    rows = [
        (
            code(who),
            codes(statement["Action"]),
            codes(map(short, statement["Resource"])),
            codes(only_if(statement)),
        )
        for who, statements in (("viewer and operator", viewer.statements), ("operator", more))
        for statement in statements
    ]
    said = PEOPLE.format(viewer=viewer.name, operator=operator.name)
    return f"### People\n\n{said}\n\n{table(('who', 'actions', 'resources', 'conditions'), rows)}"
