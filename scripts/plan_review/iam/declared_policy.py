"""A policy that is known only after apply, as configured in the synthesised stack, with its references."""

import re

from plan_review.iam.statement import NoPolicyError, PolicyStatement, parse

LATER = "is known only after apply"
IN_PART = f"{LATER}, in part"
DOCUMENT = re.compile(r"\$\{data\.aws_iam_policy_document\.[\w-]+\.json\}")
"""A policy that is only a reference to a data source."""

_ESCAPED = "$${"  # a policy variable such as ${aws:username}, as it is escaped for Terraform
_HOLE = re.compile(r"[$%]\{[^}]*\}?")
# A name that AWS assigns can neither be a wildcard nor end the text around it.
_NAME = re.compile(r"\$\{(?:data\.)?aws_\w+\.[\w-]+(?:\[\d+\])?\.(?:\w+_)?(?:arn|id|name|bucket)\}")


def declared_statements(text: str) -> tuple[tuple[PolicyStatement, ...], str]:
    """The statements of a template, and why they are incomplete, if they are.

    A reference to a name, such as an ARN, grants nothing; the value of any other reference is unknown.
    """
    holes = _HOLE.findall(text.replace(_ESCAPED, "").replace("%%{", ""))
    try:
        found = parse(text.replace(_ESCAPED, "${"))
    except NoPolicyError:
        return (), LATER
    return found, "" if all(map(_NAME.fullmatch, holes)) else IN_PART
