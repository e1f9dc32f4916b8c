"""A policy that is known only after apply, as the synthesised stack has it; references stay as they are."""

import re

from plan_review.iam.statement import NoPolicyError, PolicyStatement, parse

LATER = "is known only after apply"
IN_PART = f"{LATER}, in part"
DOCUMENT = re.compile(r"\$\{data\.aws_iam_policy_document\.[\w-]+\.json\}")
"""A policy that is nothing but what a data source makes."""

_ESCAPED = "$${"  # a policy variable such as ${aws:username}, as Terraform wants it written
_HOLE = re.compile(r"[$%]\{[^}]*\}?")
# What AWS itself names can neither be a wildcard nor end the text that it stands in.
_NAME = re.compile(r"\$\{(?:data\.)?aws_\w+\.[\w-]+(?:\[\d+\])?\.(?:\w+_)?(?:arn|id|name|bucket)\}")


def declared_statements(text: str) -> tuple[tuple[PolicyStatement, ...], str]:
    """What a template says, and why that is not all, as far as it is not.

    A reference to a name, such as an ARN, gives nothing; what anything else comes to, nobody knows.
    """
    holes = _HOLE.findall(text.replace(_ESCAPED, "").replace("%%{", ""))
    try:
        found = parse(text.replace(_ESCAPED, "${"))
    except NoPolicyError:
        return (), LATER
    return found, "" if all(map(_NAME.fullmatch, holes)) else IN_PART
