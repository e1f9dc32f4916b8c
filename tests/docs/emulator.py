"""Writes docs/emulator.md: which rules the emulated AWS enforces, which an invariant, which nothing.

``make docs`` runs this. The enforced rules come from the emulator's own tables; the others are written by
hand in emulator.toml.
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
from tests.docs.wrapping import wrapped

PAGE = ROOT / "docs" / "emulator.md"
LINES = ROOT / "tests" / "docs" / "emulator.toml"
INTRODUCTION = """# The emulated AWS, and what it proves

`make demo`, the rehearsal and every integration test run on an emulated AWS: moto's server, additions for
what moto lacks, and checks in front of both that refuse what AWS refuses. It has never been compared with a
real account. This page lists the rules of AWS that the emulator enforces, those that an invariant over all
synthesised stacks checks instead, and those that nothing checks: only a first release on a real account shows
them. `make docs` writes this page from the emulator's own tables.

To run an emulator for `terraform`, `aws` and boto3: `slipway demo --keep`."""
MODELS = """## Enforced: AWS's own API models

Every request is checked against botocore's model of its operation: required parameters, lengths, patterns,
ranges. A violation is refused with AWS's message, in the format of the protocol. The models of the {services}
services that Slipway calls have {patterns} different patterns. All of them are checked, against the whole
value (`tests/local/emulator/strict/test_patterns.py`).

botocore's enums can be older than the service. An unknown value is therefore not refused, but recorded in
`findings.jsonl` beside the record of calls, to be looked up. The committed pipeline sends none
(`tests/integration/test_whole_pipeline.py::test_aws_models_know_all_that_is_asked_of_it`). If a service
accepts what its model does not allow, `scripts/local/emulator/strict/differences.py` lists the difference
with its source; none is known today."""


def page() -> str:
    """The text of the page."""
    return wrapped("\n\n".join(part.strip() for part in _parts()) + "\n")


def _parts() -> Iterable[str]:
    yield INTRODUCTION
    yield MODELS.format(services=len(SERVICES), patterns=_patterns())
    yield "## Enforced: documented rules for names and for combinations of values"
    sources: dict[str, list[str]] = {}
    rules = [(name.what, name.source) for name in NAMES] + [(whole.what, whole.source) for whole in WHOLES]
    for rule, source in rules:
        sources.setdefault(rule, []).append(source)
    yield _table(("rule", "AWS's page"), [(what, ", ".join(found)) for what, found in sources.items()])
    yield (
        "Each row is tested with a value that is accepted and values that are refused, in "
        "`tests/local/emulator/strict/test_names.py` and `tests/local/emulator/strict/test_wholes.py`."
    )
    yield "## Enforced: referenced resources must exist"
    yield _table(("resource", "refers to", "source", "tested by"), _references(Behaviour.REFUSED))
    yield "## Simulated: later events, and the steps of a person"
    yield _table(("behaviour", "tested by"), _lines("played", "test"))
    yield "## Checked by an invariant: references that AWS accepts but that do not work later"
    yield _table(("resource", "refers to", "source", "checked by"), _references(Behaviour.DEAD))
    yield "## Checked by an invariant: references for which AWS's behaviour is not known"
    yield "No source says whether AWS checks them. The emulator does not, but an invariant does."
    yield _table(("resource", "refers to", "source", "checked by"), _references(Behaviour.UNKNOWN))
    yield "## Checked by an invariant: rules that no emulator enforces"
    yield _table(("rule", "checked by"), _lines("held", "test"))
    yield "## Checked by nothing"
    yield (
        "Only a real account shows these. Read the list before the first release there; `slipway doctor` "
        "checks what can be checked in advance."
    )
    yield _table(("open question", "symptom, and what to do"), _lines("open", "shows"))


@cache
def _written() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(LINES.read_text(encoding="utf-8"))


def _lines(kind: str, second: str) -> list[tuple[str, str]]:
    """The rows of one table of the file; a test is formatted as code."""
    quote = "`" if second == "test" else ""
    return [(row["what"], f"{quote}{row[second]}{quote}") for row in _written()[kind]]


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
