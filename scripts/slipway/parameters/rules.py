"""The rules for names and values of variables: scripts/start_server.sh fails a deployment otherwise."""

import re

from slipway.aws.parameters import Variable

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TAKEN = frozenset({"PORT", "SLIPWAY_COMMIT", "SLIPWAY_DIGEST"})
LIMIT_BYTES = 4096
"""The standard tier's limit: docs.aws.amazon.com/general/latest/gr/ssm.html."""


def wrong_name(variable: str) -> str | None:
    """Why a deployment would refuse a variable of this name; None if it would not."""
    if not VARIABLE.fullmatch(variable):
        return "it is not a valid variable name: letters, digits and underscores only, no digit first"
    if variable in TAKEN:
        return "this name is reserved: the deployment sets it"
    return None


def wrong_value(value: str) -> str | None:
    """Why a value is not valid, without the value itself; None if it is valid."""
    if not value:
        return "the value is empty, which Parameter Store does not allow"
    if "\0" in value:
        return "the value has a null character, as in UTF-16: save it as UTF-8"
    if re.search(r"[\r\n]", value):
        return "the value has a line break, which variables of containers cannot have"
    if (size := len(value.encode())) > LIMIT_BYTES:
        return f"the value has {size} bytes; the limit of a standard parameter is {LIMIT_BYTES}"
    return None


def problem(variable: Variable) -> str | None:
    """Why a variable would fail the next deployment; None if it would not. Hidden values are not checked."""
    wrong = wrong_name(variable.name)
    return wrong or (None if variable.value is None else wrong_value(variable.value))
