"""What another Terraform configuration must do so that it no longer manages what Slipway adopts.

A ``removed`` block takes a resource out of the state without destroying it (Terraform 1.7, OpenTofu 1.7). It
removes all instances of a resource: where only some are adopted, ``terraform state rm`` takes out each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from modules.config.adopted import INDEX
from slipway.adopt.state import import_ids
from slipway.console.shell import command_line
from slipway.terraform.state.contents import StateResource


@dataclass(frozen=True)
class Handover:
    """What to take out of the other state. removed: whole resources. instances: those of which some stay."""

    removed: tuple[str, ...]
    instances: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.removed or self.instances)

    def lines(self) -> Iterator[str]:
        """The blocks in HCL, and commands where blocks cannot say it."""
        for address in self.removed:
            yield f"removed {{\n  from = {address}\n\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
        for address in self.instances:
            yield command_line("terraform", "state", "rm", address)


def handover(other: Sequence[StateResource], adopted: Iterable[tuple[str, str]]) -> Handover:
    """What of another state is adopted. adopted: type and import id of each resource."""
    wanted = set(adopted)
    whole: dict[str, list[bool]] = defaultdict(list)
    taken: dict[str, list[str]] = defaultdict(list)
    for resource in other:
        name = INDEX.sub("", resource.address)
        matches = any((resource.type, existing) in wanted for existing in import_ids(resource))
        whole[name].append(matches)
        if matches:
            taken[name].append(resource.address)
    removed = tuple(sorted(name for name in taken if all(whole[name])))
    instances = tuple(sorted(address for name in taken if not all(whole[name]) for address in taken[name]))
    return Handover(removed, instances)
