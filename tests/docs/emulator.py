"""Writes docs/emulator.md: what the emulated AWS enforces, what an invariant holds instead, what nothing.

``make docs`` runs this. What is enforced comes from the emulator's own tables; the rest is written by hand,
in emulator.toml.
"""

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache

from botocore.loaders import Loader

from local.emulator.strict.names import NAMES
from local.emulator.strict.references import REFERENCES, Behaviour
from local.emulator.strict.services import SERVICES
from local.emulator.strict.wholes import WHOLES
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "emulator.md"
LINES = ROOT / "tests" / "docs" / "emulator.toml"
INTRODUCTION = """# The emulated AWS, and what it proves

`make demo`, the rehearsal and every integration test run on an emulated AWS: moto's server, what it lacks of
AWS, and a door before both that refuses what AWS refuses. None of it has ever met AWS. This page says which
rules of AWS the emulated one enforces, which an invariant over everything that is synthesised holds in its
place, and which nothing holds: those are what the first hour on a real account may still show. `make docs`
writes it from the emulator's own tables.

An emulator of one's own, for `terraform`, `aws` and boto3: `slipway demo --keep`."""
MODELS = """## Enforced: AWS's own API models

Every request, whoever sends it, is held against the model of its operation, as botocore has it: what is
required, lengths, patterns, ranges. A violation is refused with AWS's words and in the form of the protocol.
Of the {services} services that Slipway calls, {patterns} different patterns are held, whole values against
whole patterns; none is skipped (`tests/local/emulator/strict/test_patterns.py`).

An enum lags its service: a value that the model does not know is not refused but kept, in `findings.jsonl`
beside the record of calls, to be looked up. The committed pipeline asks for none
(`tests/integration/test_whole_pipeline.py::test_aws_models_know_all_that_is_asked_of_it`). Where a service
takes what its model does not allow, the difference stands in `scripts/local/emulator/strict/differences.py`
with its source; today there is none that we know of."""


def page() -> str:
    """The whole page."""
    return "\n\n".join(part.strip() for part in _parts()) + "\n"


def _parts() -> Iterable[str]:
    yield INTRODUCTION
    yield MODELS.format(services=len(SERVICES), patterns=_patterns())
    yield "## Enforced: what the documentation says of names, and of values together"
    sources: dict[str, list[str]] = {}
    rules = [(name.what, name.source) for name in NAMES] + [(whole.what, whole.source) for whole in WHOLES]
    for rule, source in rules:
        sources.setdefault(rule, []).append(source)
    yield _table(("what", "AWS's page"), [(what, ", ".join(found)) for what, found in sources.items()])
    yield (
        "Shown, for each row by a value that is taken and values that are not, by "
        "`tests/local/emulator/strict/test_names.py` and `tests/local/emulator/strict/test_wholes.py`."
    )
    yield "## Enforced: what is named has to be there"
    yield _table(("by", "of", "source", "shown by"), _references(Behaviour.REFUSED))
    yield "## Enforced: what happens later, and what a person has to do"
    yield _table(("what", "shown by"), _lines("played", "test"))
    yield "## Held by an invariant instead: what AWS takes, and what is of no use later"
    yield _table(("by", "of", "source", "held by"), _references(Behaviour.DEAD))
    yield "## Held by an invariant instead: what AWS does is not known"
    yield "No source says whether AWS looks. The emulated one does not; an invariant finds what is missing."
    yield _table(("by", "of", "source", "held by"), _references(Behaviour.UNKNOWN))
    yield "## Held by an invariant instead: what no emulator enforces"
    yield _table(("what", "held by"), _lines("held", "test"))
    yield "## Held by nothing"
    yield (
        "What only a real account shows. Whoever makes the first release there should have read this list; "
        "`slipway doctor` asks for what can be asked for."
    )
    yield _table(("what", "how it would show, and what then"), _lines("open", "shows"))


@cache
def _written() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(LINES.read_text(encoding="utf-8"))


def _lines(kind: str, second: str) -> list[tuple[str, str]]:
    """The rows of one table of the file; a test stands as code."""
    quote = "`" if second == "test" else ""
    return [(each["what"], f"{quote}{each[second]}{quote}") for each in _written()[kind]]


def _references(behaviour: Behaviour) -> list[tuple[str, str, str, str]]:
    return [
        (reference.by, reference.to, reference.source, f"`{reference.shown}`")
        for reference in REFERENCES
        if reference.behaviour is behaviour
    ]


def _patterns() -> int:
    models = (Loader().load_service_model(service, "service-2") for service in SERVICES)
    return len(
        {shape["pattern"] for model in models for shape in model["shapes"].values() if "pattern" in shape}
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
