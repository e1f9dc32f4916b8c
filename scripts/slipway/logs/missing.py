"""Log groups that are not there: borne where others are, an error where none is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from slipway.console.cdk import cdk
from slipway.console.errors import SlipwayError
from slipway.logs.log_groups import ServiceLogGroup


@dataclass
class Missing:
    """Which of the log groups that are asked for are not there. say: says so, once for each."""

    groups: Sequence[ServiceLogGroup]
    say: Callable[[str], None]
    noted: list[ServiceLogGroup] = field(default_factory=list, init=False)

    def note(self, group: ServiceLogGroup) -> None:
        """A group is not there. Raises SlipwayError if that is so of every one."""
        if group in self.noted:
            return
        self.noted.append(group)
        if len(self.noted) == len(self.groups):
            first = self.noted[0]
            raise SlipwayError(
                f"there is no log group {first.name}",
                why=f"the stack {first.stack} is not applied yet, or was destroyed",
                then=f"apply it: {cdk('deploy', '*')}",
            )
        self.say(f"left out: there is no log group {group.name}; {group.stack} is not applied")
