"""Copies untrusted synthesised stacks: only their checked JSON, and nothing else."""

import json
from pathlib import Path

from modules.config import provider
from modules.config.names import Names
from slipway.console.errors import SlipwayError
from slipway.terraform.stacks import untrusted
from slipway.terraform.stacks.manifest import FILE, SynthesisedStack, read

STACK_FILE = "cdk.tf.json"
SHOWN = 12  # problems of one stack in a message


def allowed(names: Names) -> untrusted.Allowed:
    """What this checkout's own stacks use."""
    return untrusted.Allowed(
        providers={provider.SOURCE: provider.VERSION},
        bucket=names.state_bucket,
        region=names.pipeline.region,
        prefix=names.state_key("").removesuffix(".tfstate"),
    )


def take_over(source: Path, output: Path, rules: untrusted.Allowed) -> tuple[SynthesisedStack, ...]:
    """Check each stack's JSON and write it below an output directory; return the stacks.

    Raises SlipwayError if a stack is refused. The parsed JSON is written, so that Terraform reads exactly
    what was checked.
    """
    texts = {stack.name: _text(source, stack.name) for stack in _listed(source)}
    documents = {name: _checked(name, text, rules) for name, text in texts.items()}
    stacks = []
    for name, document in documents.items():
        directory = output / "stacks" / name
        directory.mkdir(parents=True)
        (directory / STACK_FILE).write_text(json.dumps(document, indent=2), encoding="utf-8")
        stacks.append(SynthesisedStack(name, directory, ()))
    return tuple(stacks)


def _listed(source: Path) -> tuple[SynthesisedStack, ...]:
    """The stacks in the manifest; their names cannot contain paths."""
    _require_plain(source / FILE)
    stacks = read(source)
    for stack in stacks:
        if not isinstance(stack.name, str) or not untrusted.NAME.fullmatch(stack.name):
            raise _refused("a stack", f"{stack.name!r} is not a valid stack name")
    return stacks


def _text(source: Path, name: str) -> str:
    file = source / "stacks" / name / STACK_FILE
    _require_plain(file)
    return file.read_text(encoding="utf-8")


def _require_plain(file: Path) -> None:
    """Refuse symbolic links, which could expose any file of this machine."""
    if any(path.is_symlink() for path in (file, *file.parents[:3])) or not file.is_file():
        raise _refused(file.name, f"{file} does not exist, or is a symbolic link")


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
        f"{what} from an untrusted source is not planned",
        why=why,
        then="if it is intended, check out the pull request yourself and run `slipway plan`",
    )
