"""What a variable may be called and hold: scripts/start_server.sh stops a deployment over anything else."""

import re

from slipway.aws.parameters import Variable

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TAKEN = frozenset({"PORT", "SLIPWAY_COMMIT", "SLIPWAY_DIGEST"})
LIMIT_BYTES = 4096
"""docs.aws.amazon.com/general/latest/gr/ssm.html: the standard tier's."""


def wrong_name(variable: str) -> str | None:
    """Why a deployment would not take a variable of this name; None if it would."""
    if not VARIABLE.fullmatch(variable):
        return "it is not a valid variable name: letters, digits and underscores only, no digit first"
    if variable in TAKEN:
        return "the deployment itself sets it"
    return None


def wrong_value(value: str) -> str | None:
    """Why it cannot be a variable's value, without repeating it; None if it can."""
    if not value:
        return "it is empty, which Parameter Store cannot hold"
    if "\0" in value:
        return "it has a null character, as text in UTF-16 has: save it as UTF-8"
    if re.search(r"[\r\n]", value):
        return "it has a line break, which a variable of a container cannot hold"
    if (size := len(value.encode())) > LIMIT_BYTES:
        return f"it has {size} bytes, and a standard parameter holds {LIMIT_BYTES}"
    return None


def problem(variable: Variable) -> str | None:
    """Why a variable would stop the next deployment; None if it would not, as far as can be seen."""
    wrong = wrong_name(variable.name)
    return wrong or (None if variable.value is None else wrong_value(variable.value))
