"""The sections on trust policies, as a diagram and a table, and on resource policies."""

from tests.security.account import Role
from tests.security.evaluation import Statement
from tests.security.page.markdown import DEMO, code, codes, only_if, short, table


def section() -> str:
    """Who can assume each role; the policies of resources."""
    return f"""## Who can assume which role

{_picture()}

{_trust()}

The roles of CodePipeline and EC2 have no condition: AWS documents none for CodePipeline, and supports
none for EC2.

## Resource policies

A request must be allowed by these policies as well as by the policy of the role or user.

{_resources()}"""


def _picture() -> str:
    """A diagram with arrows from each principal to the roles that it can assume."""
    roles = list(DEMO.roles.values())
    principals = list(dict.fromkeys(_who(role) for role in roles))
    nodes = [f'  p{n}(["{who}"])' for n, who in enumerate(principals)]
    nodes += [f'  r{n}["{role.name}"]' for n, role in enumerate(roles)]
    arrows = [f"  p{principals.index(_who(role))} -->{_label(role)} r{n}" for n, role in enumerate(roles)]
    return "\n".join(["```mermaid", "flowchart LR", *nodes, *arrows, "```"])


def _who(role: Role) -> str:
    ((_, (who,)),) = role.trust[0]["Principal"].items()
    return "GitHub Actions" if "oidc-provider" in who else str(who)


def _label(role: Role) -> str:
    """The trust policy's condition on the subject or the source, as a label."""
    for keys in role.trust[0].get("Condition", {}).values():
        for key, value in keys.items():
            if key.endswith(":sub"):
                return f'|"{", ".join(value)}"|'
            if key == "aws:SourceArn":
                return f'|"for {short(value)}"|'
    return ""


def _trust() -> str:
    rows = [(code(role.name), _who(role), codes(only_if(role.trust[0]))) for role in DEMO.roles.values()]
    return table(("role", "assumed by", "conditions"), rows)


def _resources() -> str:
    rows = [
        (
            code(short(arn)),
            _principal(statement),
            f"{_may(statement)} {codes(statement['Action'])}",
            codes(only_if(statement)),
        )
        for arn, statements in DEMO.resource_policies.items()
        for statement in statements
    ]
    return table(("resource", "principal", "effect and actions", "conditions"), rows)


def _principal(statement: Statement) -> str:
    principal = statement["Principal"]
    if principal == "*":
        return "all principals"
    ((_, who),) = principal.items()
    return ", ".join("this account's IAM" if each.endswith(":root") else each for each in who)


def _may(statement: Statement) -> str:
    return "Allow" if statement["Effect"] == "Allow" else "**Deny**"
