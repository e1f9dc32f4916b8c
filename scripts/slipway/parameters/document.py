"""What ``slipway config`` prints with ``--json``."""

from datetime import datetime
from typing import Literal

from pydantic import RootModel

from slipway.aws.parameters import Variable
from slipway.console.documents import Document
from slipway.parameters.rules import problem


class VariableState(Document):
    """One variable of an environment."""

    name: str
    """The variable's name, as in the containers' environment."""
    type: str
    """The parameter's type: String or SecureString."""
    secret: bool
    """Whether it is a secret: encrypted, and only printed with --reveal."""
    value: str | None
    """The variable's value; null for a secret without --reveal."""
    version: int
    """The parameter's version: how many times it was set."""
    changed: datetime
    """When it was last set."""
    problem: str | None
    """Why it stops the next deployment; null if it does not."""

    @classmethod
    def of(cls, variable: Variable) -> "VariableState":
        """Make the document of a variable."""
        return cls(
            name=variable.name,
            type=variable.type,
            secret=variable.secret,
            value=variable.value,
            version=variable.version,
            changed=variable.changed,
            problem=problem(variable),
        )


class VariableList(RootModel[tuple[VariableState, ...]]):
    """All variables of an environment, sorted by name."""


class VariableSet(Document):
    """A variable that was set."""

    name: str
    """The variable's name."""
    environment: str
    """The environment in which it was set."""
    type: Literal["String", "SecureString"]
    """The parameter's type."""
    version: int
    """The parameter's version: how many times it was set."""


class VariableDeleted(Document):
    """A variable that was deleted."""

    name: str
    """The variable's name."""
    environment: str
    """The environment from which it was deleted."""
    deleted: Literal[True]
    """Always true: the command fails if nothing was deleted."""
