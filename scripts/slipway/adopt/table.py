"""Shows what exists of a stack as a table, and counts it."""

from rich.text import Text

from slipway.adopt.search import Candidate, Outcome
from slipway.adopt.stack_adoption import StackAdoption
from slipway.console.printable import plain
from slipway.console.tables import Rows

SHOWN = (
    Outcome.AMBIGUOUS,
    Outcome.DIFFERENT,
    Outcome.FOUND,
    Outcome.WRITTEN,
    Outcome.ABSENT,
    Outcome.NOT_SEARCHED,
)
STYLES = {
    Outcome.AMBIGUOUS: "bold red",
    Outcome.DIFFERENT: "yellow",
    Outcome.FOUND: "green",
    Outcome.WRITTEN: "green",
}


def candidates(adoption: StackAdoption) -> Rows:
    """A line for each resource that is not in the state yet; those that need attention first."""
    made = Rows("", "resource", "exists as", "found by")  # by its id, or its address in the state
    for outcome in SHOWN:
        for found in adoption.of(outcome):
            made.add_row(Text(outcome, style=STYLES.get(outcome, "dim")), found.address, *_cells(found))
    return made


def heading(adoption: StackAdoption) -> str:
    """The stack's name, and how many of its resources there are of each kind."""
    words = {
        "to move": adoption.moved,
        "to import": adoption.imported,
        "ambiguous": adoption.of(Outcome.AMBIGUOUS),
        "different": adoption.of(Outcome.DIFFERENT),
        "to create": adoption.of(Outcome.ABSENT, Outcome.NOT_SEARCHED),
        "in the state": adoption.of(Outcome.IN_STATE),
    }
    numbers = {word: len(found) for word, found in words.items()}
    numbers |= {"to forget": len(adoption.forgotten), "left in the state": len(adoption.left)}
    said = ", ".join(f"{number} {word}" for word, number in numbers.items() if number)
    return f"{adoption.stack}: {said or 'no resources'}"


def _cells(found: Candidate) -> tuple[str, str]:
    return plain(", ".join(found.moved_from or found.ids)), found.why or found.by
