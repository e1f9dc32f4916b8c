"""Conditions on what is looked up: a plan fails with a message instead of using something unsuitable."""

from cdktf import Postcondition, TerraformResourceLifecycle


def postcondition(condition: str, message: str) -> TerraformResourceLifecycle:
    """Return the lifecycle of a data source that fails a plan with a message unless a condition holds.

    condition: in Terraform's language, without ``${}``; ``self`` is what was looked up.
    message: what is wrong and what to do; it may have expressions such as ``${self.id}``.
    """
    return TerraformResourceLifecycle(
        postcondition=[Postcondition(condition=f"${{{condition}}}", error_message=message)]
    )
