"""Checks every request before moto: what AWS refuses is refused here."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.emulator.strict import constraints, differences, names, references, refusals, wholes
from local.emulator.strict.propagation import Propagation
from local.emulator.strict.refusals import Refusal
from local.emulator.strict.region import EmulatedRegion
from local.emulator.strict.requests import Asked, UnreadableError, asked

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Guard = Callable[[Asked], None]


@dataclass(frozen=True)
class UnknownValue:
    """A value that AWS's model does not list; it was not refused and has to be looked up."""

    call: str
    member: str
    value: str

    def line(self) -> str:
        """The finding as a line of its file."""
        return json.dumps(asdict(self), sort_keys=True) + "\n"


def read(path: Path) -> set[UnknownValue]:
    """All findings in a file."""
    return {UnknownValue(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()}


def guarded(
    application: "WSGIApplication", findings: Path, account: str, propagation: Propagation
) -> "WSGIApplication":
    """The application behind the checks: it gets only requests that AWS would not refuse.

    findings: the file for unknown values, one per line. propagation: of new IAM resources.
    """
    findings.write_text("", encoding="utf-8")
    every = (
        _model(lambda found: _note(found, findings)),
        names.check,
        *(_in_region(check, account, propagation) for check in (wholes.check, references.check)),
    )

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            request = asked(environ)
        except UnreadableError as problem:
            request, refusal = problem.asked, Refusal("SerializationException", str(problem))
            return refusals.answer(request, refusal, start_response)
        if request is not None:
            try:
                for guard in every:
                    guard(request)
            except Refusal as refusal:
                return refusals.answer(request, refusal, start_response)
        return application(environ, start_response)

    return answer


def _in_region(
    check: Callable[[EmulatedRegion, Asked], None], account: str, propagation: Propagation
) -> Guard:
    return lambda request: check(EmulatedRegion(account, request.region, propagation), request)


def _note(finding: UnknownValue, path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(finding.line())


def _model(note: Callable[[UnknownValue], None]) -> Guard:
    def check(request: Asked) -> None:
        found = constraints.examine(request.operation.input_shape, request.parameters)
        for oddity in found.oddities:
            note(UnknownValue(request.name, oddity.member, oddity.value))
        kept = [violation for violation in found.violations if not differences.known(request.name, violation)]
        if kept:
            raise refusals.invalid(request, constraints.words(kept))

    return check
