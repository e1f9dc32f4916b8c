"""Log groups that are not there: borne where others are, an error where none is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from slipway.console.errors import SlipwayError
from slipway.logs.places import LogPlace


@dataclass
class Missing:
    """Which of the places that are asked for are not there. say: says so, once for each."""

    places: Sequence[LogPlace]
    say: Callable[[str], None]
    noted: list[LogPlace] = field(default_factory=list, init=False)

    def note(self, place: LogPlace) -> None:
        """Its group is not there. Raises SlipwayError if that is so of every one."""
        if place in self.noted:
            return
        self.noted.append(place)
        if len(self.noted) == len(self.places):
            first = self.noted[0]
            raise SlipwayError(
                f"there is no log group {first.group}",
                why=f"the stack {first.stack} is not applied yet, or was destroyed",
                then=f"apply it: cdktf deploy {first.stack}",
            )
        self.say(f"left out: there is no log group {place.group}; {place.stack} is not applied")
