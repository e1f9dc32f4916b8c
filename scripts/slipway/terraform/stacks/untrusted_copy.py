"""Takes over what somebody else synthesised: only what was looked at, written anew, and nothing beside it."""

import json
from pathlib import Path

from modules.config import provider
from modules.config.names import Names
from slipway.console.errors import SlipwayError
from slipway.terraform.stacks import untrusted
from slipway.terraform.stacks.manifest import FILE, SynthesisedStack, read

STACK_FILE = "cdk.tf.json"
SHOWN = 12  # problems of one stack


def allowed(names: Names) -> untrusted.Allowed:
    """What the stacks of this checkout's own settings use."""
    return untrusted.Allowed(
        providers={provider.SOURCE: provider.VERSION},
        bucket=names.state_bucket,
        region=names.pipeline.region,
        prefix=names.state_key("").removesuffix(".tfstate"),
    )


def take_over(source: Path, output: Path, rules: untrusted.Allowed) -> tuple[SynthesisedStack, ...]:
    """Write each stack's JSON, once it has passed, below an output directory; the stacks.

    What is written is what was parsed: Terraform sees nothing that the check did not.
    """
    texts = {each.name: _text(source, each.name) for each in _listed(source)}
    documents = {name: _checked(name, text, rules) for name, text in texts.items()}
    stacks = []
    for name, document in documents.items():
        directory = output / "stacks" / name
        directory.mkdir(parents=True)
        (directory / STACK_FILE).write_text(json.dumps(document, indent=2), encoding="utf-8")
        stacks.append(SynthesisedStack(name, directory, ()))
    return tuple(stacks)


def _listed(source: Path) -> tuple[SynthesisedStack, ...]:
    """The stacks that the manifest lists; a name leads nowhere but to its own directory."""
    _require_plain(source / FILE)
    stacks = read(source)
    for stack in stacks:
        if not isinstance(stack.name, str) or not untrusted.NAME.fullmatch(stack.name):
            raise _refused("a stack's name", f"{stack.name!r} is none")
    return stacks


def _text(source: Path, name: str) -> str:
    file = source / "stacks" / name / STACK_FILE
    _require_plain(file)
    return file.read_text(encoding="utf-8")


def _require_plain(file: Path) -> None:
    """A link could show any file of this machine."""
    if any(each.is_symlink() for each in (file, *file.parents[:3])) or not file.is_file():
        raise _refused(file.name, f"{file} is not there, or is a link")


def _checked(name: str, text: str, rules: untrusted.Allowed) -> dict[str, object]:
    try:
        document = untrusted.parse(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise _refused(name, f"{STACK_FILE}: {error}") from error
    problems = untrusted.problems(name, document, rules)
    if problems:
        more = len(problems) - SHOWN
        lines = [*problems[:SHOWN], *([f"... and {more} more"] if more > 0 else [])]
        raise _refused(name, "\n".join(lines))
    return document


def _refused(what: str, why: str) -> SlipwayError:
    return SlipwayError(
        f"{what} is not planned with this role",
        why=why,
        then="if it is meant: a person who trusts the request checks it out, and runs `slipway plan` there",
    )
