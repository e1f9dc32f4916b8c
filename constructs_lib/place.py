"""The account and region of a stack: constructs ask their stack, so that they need not be told."""

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
        """The ARN of a resource here; ``service`` and ``resource`` as ``arn.arn`` takes them."""
        return arn(service, resource, region=self.region, account=self.account)

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a ``resource`` of this account whose ``service`` names no region, such as ``iam``."""
        return arn(service, resource, account=self.account)


def place_of(scope: Construct) -> Place:
    """Where the resources of a construct in this scope are: its stack says it by an attribute ``place``.

    Raises ValueError if the stack has none; ``constructs_lib.stack.Stack`` always has.
    """
    place = getattr(scope, "place", None)  # of ours, each scope has it: Node is asked only about others
    if isinstance(place, Place):
        return place
    stack = TerraformStack.of(scope)
    place = getattr(stack, "place", None)
    if isinstance(place, Place):
        return place
    raise ValueError(
        f"the stack {stack.node.id} is a {type(stack).__name__} without account and region, which this"
        " construct takes from its stack: make it a constructs_lib.stack.Stack(…, account=…, region=…),"
        " or set its attribute place = Place(account, region)"
    )
