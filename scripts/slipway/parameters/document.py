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
    """Its name, as containers have it in their environment."""
    type: str
    """The parameter's type: String or SecureString."""
    secret: bool
    """Whether it is encrypted, and hidden unless it is to be revealed."""
    value: str | None
    """Its value; null for a secret that is not revealed."""
    version: int
    """The parameter's version: how many times it was set."""
    changed: datetime
    """When it was set last."""
    problem: str | None
    """Why it stops the next deployment; null if it does not."""

    @classmethod
    def of(cls, variable: Variable) -> "VariableState":
        """The document of a variable."""
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
    """Every variable of an environment, by name."""


class VariableSet(Document):
    """A variable that was set."""

    name: str
    """Its name."""
    environment: str
    """The environment whose variable it is."""
    type: Literal["String", "SecureString"]
    """The parameter's type."""
    version: int
    """The parameter's version: how many times it was set."""


class VariableDeleted(Document):
    """A variable that was deleted."""

    name: str
    """Its name."""
    environment: str
    """The environment whose variable it was."""
    deleted: Literal[True]
    """Always true: where nothing was deleted, the command fails."""
