"""The account and region of a stack; constructs take both from their stack instead of arguments."""

from dataclasses import dataclass

from constructs_lib.arn import arn

from cdktf import TerraformStack
from constructs import Construct


@dataclass(frozen=True)
class Place:
    """An account and a region, such as ``123456789012`` and ``eu-central-1``."""

    account: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in this account and region, by ``service`` and ``resource``."""
        return arn(service, resource, region=self.region, account=self.account)

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a ``resource`` of a global ``service``, such as ``iam``, in this account."""
        return arn(service, resource, account=self.account)


def place_of(scope: Construct) -> Place:
    """Return the account and region of the stack that ``scope`` is in: the stack's attribute ``place``.

    Raises ValueError if the stack has no such attribute; ``constructs_lib.stack.Stack`` has it.
    """
    place = getattr(scope, "place", None)  # our own scopes have it, which saves a call to the Node process
    if isinstance(place, Place):
        return place
    stack = TerraformStack.of(scope)
    place = getattr(stack, "place", None)
    if isinstance(place, Place):
        return place
    raise ValueError(
        f"the stack {stack.node.id} ({type(stack).__name__}) has no account and region, which this construct"
        " needs: make it a constructs_lib.stack.Stack(…, account=…, region=…), or set its attribute"
        " place = Place(account, region)"
    )
