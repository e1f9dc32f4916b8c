"""Log groups that do not exist: an error only if none of them exists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from slipway.console.cdk import cdk
from slipway.console.errors import SlipwayError
from slipway.logs.log_groups import ServiceLogGroup


@dataclass
class Missing:
    """Collects log groups that do not exist. groups: all that are read. say: prints a line, once for each."""

    groups: Sequence[ServiceLogGroup]
    say: Callable[[str], None]
    noted: list[ServiceLogGroup] = field(default_factory=list, init=False)

    def note(self, group: ServiceLogGroup) -> None:
        """Record that a group does not exist. Raises SlipwayError if none of the groups exists."""
        if group in self.noted:
            return
        self.noted.append(group)
        if len(self.noted) == len(self.groups):
            first = self.noted[0]
            raise SlipwayError(
                f"log group {first.name} not found",
                why=f"the stack {first.stack}, which creates it, is not applied",
                then=f"apply it: {cdk('deploy', '*')}",
            )
        self.say(f"left out: log group {group.name} not found; {group.stack} is not applied")
