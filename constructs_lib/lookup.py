"""Conditions on what is looked up: a plan fails with a message instead of using something unsuitable."""

from typing import NamedTuple

from cdktf import Postcondition, TerraformResourceLifecycle


class LookupCondition(NamedTuple):
    """A condition on a data source.

    holds: an expression of Terraform's language, without ``${}``; ``self`` is what was looked up.
    message: what is wrong and what to do; it may have expressions such as ``${self.id}``.
    """

    holds: str
    message: str


def postcondition(*conditions: LookupCondition) -> TerraformResourceLifecycle:
    """Return the lifecycle of a data source that fails a plan with a message unless its conditions hold."""
    return TerraformResourceLifecycle(
        postcondition=[
            Postcondition(condition=f"${{{condition.holds}}}", error_message=condition.message)
            for condition in conditions
        ]
    )
