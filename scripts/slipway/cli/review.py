"""``slipway review``: plans that Terraform made become a review; the end of the command is its verdict."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from plan_review import expectation, json_input, plan_reader, settings
from plan_review.cdktf_stack import NONE, parse
from plan_review.gc_pause import gc_paused
from plan_review.plan import Plan
from plan_review.render import html, json, markdown
from plan_review.render.escape import for_terminal
from plan_review.review import Review, ReviewStatus
from plan_review.review import review as reviewed
from plan_review.settings import ReviewSettings
from slipway import console
from slipway.cli.failures import explained
from slipway.console.errors import FAILED, SlipwayError

FORMATS = ("md", "html", "json")
SETTINGS = "review.toml"
STDIN = Path("-")
STACK_FILE = "cdk.tf.json"
HERE = "slipway review --format html"


@dataclass(frozen=True)
class Wanted:
    """What to write of a review, and where; expect: the review that it has to be."""

    formats: list[str]
    out: Path | None
    settings: Path | None
    budget: int
    whole: str
    expect: Path | None

    def check(self) -> None:
        """Refuse what cannot be meant, before anything is done."""
        unknown = sorted(set(self.formats) - set(FORMATS))
        if unknown:
            raise SlipwayError(f"there is no format {unknown[0]!r}", then=f"one of: {', '.join(FORMATS)}")
        if self.out is None and len(set(self.formats)) > 1:
            raise SlipwayError("several formats need a place", then="name a directory: --out DIR")
        if self.budget < markdown.LEAST:
            raise SlipwayError(f"--budget {self.budget} is too little", then=f"at least {markdown.LEAST}")


def review(plans: list[Path], wanted: Wanted, *, synthesised: Path | None) -> None:
    """Review the plans in these files; ends the process with the verdict."""
    with one_exit_code():
        wanted.check()
        if len({path.resolve() for path in plans}) < len(plans):
            raise SlipwayError("one plan is named twice")
        finish(tuple(_read(path, synthesised) for path in plans), wanted)


def finish(plans: tuple[Plan, ...], wanted: Wanted) -> None:
    """Write the review; exit with what it comes to, or with 3 if it is not what was expected."""
    expected = None if wanted.expect is None else _expected(wanted.expect)
    with gc_paused():
        found = reviewed(plans, _settings(wanted.settings), datetime.now(UTC).date())
        texts = _texts(found, wanted)
    if wanted.out is None:
        sys.stdout.write(next(iter(texts.values())))
    else:
        _write(texts, wanted.out)
    console.message(for_terminal(found.verdict))
    same_as_expected = wanted.expect is None or _is_expected(plans, expected, wanted.expect)
    status = found.status if same_as_expected else ReviewStatus.BLOCKED
    if status:
        sys.exit(int(status))


@contextmanager
def one_exit_code() -> Iterator[None]:
    """Every failure is exit code 1 here, where 2 says that something changes; its words obey nobody."""
    try:
        yield
    except Exception as error:
        known = explained(error)
        if known is None:
            raise
        failure = SlipwayError(
            for_terminal(known.what), why=for_terminal(known.why), then=for_terminal(known.then)
        )
        failure.exit_code = FAILED
        raise failure from error


def _texts(found: Review, wanted: Wanted) -> Mapping[str, str]:
    """Each format that is wanted, by its name."""
    whole = wanted.whole or ("review.html, beside this" if wanted.out and "html" in wanted.formats else HERE)
    renderers = {
        "md": lambda: markdown.render(found, budget=wanted.budget, whole=whole),
        "html": lambda: html.render(found),
        "json": lambda: json.render(found),
    }
    return {name: renderers[name]() for name in dict.fromkeys(wanted.formats)}


def _write(texts: Mapping[str, str], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        file = out / f"review.{name}"
        file.write_text(text, encoding="utf-8")
        console.message(f"wrote {file}")


def _is_expected(plans: tuple[Plan, ...], expected: object, file: Path) -> bool:
    """Whether the plans do exactly what was reviewed; says so, or what is different."""
    different = expectation.deviations(expected, plans)
    if not different:
        console.message(f"exactly what was reviewed in {file}")
        return True
    console.message(f"refused: this is not what was reviewed in {file}")
    for line in different:
        console.message(for_terminal(f"  {line}"))
    console.message("review it as it is now, and approve that")
    return False


def _expected(file: Path) -> object:
    """What a review.json keeps to be compared with."""
    with json_input.explained(str(file), then="take the review.json that an earlier review wrote"):
        kept = json_input.parse(_text(file))
        if not isinstance(kept, dict) or "expected" not in kept:
            raise json_input.InvalidInput("it is no review.json")
        return kept["expected"]


def _settings(file: Path | None) -> ReviewSettings:
    """What review.toml says; it need not be there unless it is named."""
    path = file or Path(SETTINGS)
    if file is None and not path.exists():
        return ReviewSettings()
    return settings.parse(_text(path), file=str(path))


def _read(path: Path, synthesised: Path | None) -> Plan:
    """A plan, named after its stack: the directory below stacks/, or the file's own name."""
    beside = path.parent / STACK_FILE
    stack = path.parent.resolve().name if path != STDIN and beside.is_file() else path.stem
    if path == STDIN:
        stack = "plan"
    if synthesised is not None:
        beside = synthesised / "stacks" / stack / STACK_FILE
    made_from = parse(_text(beside), name=str(beside)) if beside.is_file() else NONE
    return plan_reader.read(_text(path), stack=stack, synthesised=made_from)


def _text(path: Path) -> str:
    """A file's text, or standard input's."""
    with json_input.explained(
        _name(path), then="`terraform show -json PLAN > plan.json` writes what is read"
    ):
        if path == STDIN:
            return json_input.decode(sys.stdin.buffer.read())
        return json_input.decode(path.read_bytes())


def _name(path: Path) -> str:
    return "standard input" if path == STDIN else str(path)
