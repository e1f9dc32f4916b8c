"""The Availability Zones that a network spans: given by name, or the first ones of the account."""

from collections.abc import Sequence
from functools import cached_property

from constructs_lib.address_plan import MAX_ZONES

from cdktf import Postcondition, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_availability_zones import (
    DataAwsAvailabilityZones,
    DataAwsAvailabilityZonesFilter,
)
from constructs import Construct


class Zones:
    """The zones of one network; adding one at the end does not change the order of the others.

    scope: the scope of the data source ``zones``, which exists only if the account's zones are needed.
    wanted: the number of zones, or their names.

    Raises ValueError unless there are 1 to 4 zones.
    """

    def __init__(self, scope: Construct, wanted: int | Sequence[str]) -> None:
        self._scope = scope
        self.named = () if isinstance(wanted, int) else tuple(wanted)
        self.count = wanted if isinstance(wanted, int) else len(wanted)
        if not 1 <= self.count <= MAX_ZONES:
            raise ValueError(f"hosts run in 1 to {MAX_ZONES} zones, received {wanted!r}")

    def __getitem__(self, index: int) -> str:
        """The name of a zone; a Terraform expression if the zones are given by number."""
        return self.named[index] if self.named else f"${{{self._of_account}.names[{index}]}}"

    def other_than(self, zone: str) -> str:
        """The account's first zone that is not ``zone``."""
        return f'${{sort(setsubtract({self._of_account}.names, ["{zone}"]))[0]}}'

    @cached_property
    def _of_account(self) -> str:
        """The reference to ``of_account``, read once: every access is a call to the Node process."""
        return self.of_account.fqn

    @cached_property
    def of_account(self) -> DataAwsAvailabilityZones:
        """The account's zones in alphabetical order, without zones that require an opt-in.

        Impaired zones are included: a plan during an outage of a zone must not move subnets.
        """
        return DataAwsAvailabilityZones(
            self._scope,
            "zones",
            filter=[DataAwsAvailabilityZonesFilter(name="opt-in-status", values=["opt-in-not-required"])],
            lifecycle=TerraformResourceLifecycle(postcondition=[_at_least(max(self.count, 2))]),
        )


def _at_least(zones: int) -> Postcondition:
    return Postcondition(
        condition=f"${{length(self.names) >= {zones}}}",
        error_message=f'{zones} zones are needed, and there are ${{join(", ", self.names)}}: use fewer.',
    )
