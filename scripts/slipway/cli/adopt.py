"""``slipway adopt``: finds what exists of the stacks already, writes adopt.toml, plans, names differences."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from modules.config import adopted
from plan_review.counts import counted
from plan_review.inputs import read_settings
from plan_review.plan import Plan
from plan_review.review import review
from slipway import console
from slipway.adopt import differences, file, table
from slipway.adopt.document import document
from slipway.adopt.handover import handover
from slipway.adopt.search import Search
from slipway.adopt.stack import PlannedStack
from slipway.adopt.stack_adoption import (
    StackAdoption,
    adoption_of,
    remaining,
    remarks,
    require_one_deployment_group,
    require_unambiguous,
)
from slipway.aws.clients import Aws
from slipway.aws.existing.wanted import Reader
from slipway.checkout import project
from slipway.checkout.project import Project
from slipway.checkout.workdir import claimed
from slipway.cli.command import declare
from slipway.cli.options import Json, Yes
from slipway.cli.plan import chosen, planned
from slipway.console import confirm, documents
from slipway.console.errors import SlipwayError
from slipway.console.screen import show
from slipway.console.shell import command_line
from slipway.processes import interruption
from slipway.terraform.stacks.synthesis import synthesise
from slipway.terraform.state import contents
from slipway.terraform.state.bucket import StateBucket

DIFFERENCES = 3

app = declare()


@app.command()
def adopt(
    stacks: Annotated[
        list[str] | None,
        typer.Argument(metavar="STACK", help="Only these stacks. Default: all."),
    ] = None,
    *,
    yes: Yes = False,
    from_state: Annotated[
        Path | None,
        typer.Option(
            "--from-state", metavar="FILE", help="Another Terraform state, which manages the resources now."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Import resources that exist already, instead of creating them.

    \b
    slipway adopt my-app-foundation        shows what exists of this stack, asks, writes adopt.toml, plans
    slipway adopt                          ... of every stack
    slipway adopt --json                   prints what exists as JSON, and writes nothing
    slipway adopt --from-state state.json  also prints what the other Terraform configuration must remove

    Finds existing resources by their names, or by what they belong to: the subnets of a VPC, the policies of
    a role. Writes their ids into adopt.toml, of which main.py makes Terraform's import blocks, and plans:
    every argument that the apply would change is named, with the setting in pipeline.toml that decides it.
    What a stack's state has at another address is moved and not imported; what it has besides is named.
    Nothing in AWS or in a state changes: review, commit and apply as usual. To undo it before the apply,
    delete adopt.toml. After an apply, also an interrupted one, run it again: what is imported is left out.
    docs/adopting.md has the steps, and what cannot be adopted.

    Exit codes: 0 adopted without differences, or nothing to adopt, 1 failed, refused or aborted, 2 wrong
    settings or usage, 3 written, but the apply would change or destroy something, 130 interrupted.
    """
    confirm.require_somebody(yes=yes or json)
    other = contents.parse(from_state.read_bytes(), str(from_state)) if from_state else ()
    found = project.find(Path.cwd())
    aws = found.sign_in()
    adoptions = _searched(found, aws, stacks or [])
    if json:
        documents.show(document(adoptions))
        return
    _show(aws, adoptions)
    require_unambiguous(adoptions)
    require_one_deployment_group(aws, adoptions)
    if not _written(found, adoptions, yes=yes):
        return
    named = [adoption.stack for adoption in adoptions if adoption.lines or adoption.left]
    plans = planned(found, named) if named else ()
    _say(plans)
    if handed := handover(other, _adopted(adoptions)):
        console.message(
            "\nbefore the apply, the other configuration gives these up without destroying them:\n"
        )
        for line in handed.lines():
            console.data(line)
    if differences.harms(plans):
        sys.exit(DIFFERENCES)


def _searched(found: Project, aws: Aws, names: Sequence[str]) -> tuple[StackAdoption, ...]:
    """Synthesise, and search AWS for what the stacks plan."""
    written = adopted.load(found.adopted)
    bucket = StateBucket.of(aws, found.settings, found.names)
    if not bucket.exists():
        raise SlipwayError(
            f"the state bucket {bucket.name} does not exist",
            why="adopted resources come into the stacks' states, which are in it",
            then="run slipway bootstrap, then run the command again",
        )
    read = Reader(aws)
    adoptions = []
    with claimed(found.working, "adopt") as directory:
        stacks = interruption.run(synthesise(found.root, directory / "cdktf.out"))
        for stack in chosen(stacks, list(names)):
            own = written.get(stack.name, {})
            state = contents.of_stack(bucket, found.names.state_key(stack.name))
            search = Search(read, state, own)
            adoptions.append(
                adoption_of(stack.name, PlannedStack.read(stack.directory, search.find), search, state, own)
            )
    return tuple(adoptions)


def _show(aws: Aws, adoptions: tuple[StackAdoption, ...]) -> None:
    for adoption in adoptions:
        console.message(f"\n{table.heading(adoption)}")
        rows = table.candidates(adoption)
        if rows.row_count:
            show(rows)
        for remark in remarks(aws, adoption):
            console.message(f"! {remark}")
        for line in remaining(adoption):
            console.message(line)


def _written(found: Project, adoptions: tuple[StackAdoption, ...], *, yes: bool) -> bool:
    """Ask, and write adopt.toml. Returns whether there is anything to plan."""
    now = adopted.load(found.adopted)
    lines = {**now, **{adoption.stack: adoption.lines for adoption in adoptions}}
    what = _what(adoptions)
    left = any(adoption.left for adoption in adoptions)
    dropped = sum(len(adoption.dropped) for adoption in adoptions)
    if file.text(lines) == file.text(now):
        console.message(f"\n{adopted.FILE} needs no change" if what else "\nnothing to adopt")
        return bool(what) or left
    console.message()
    if not yes:
        confirm.agree(f"{_doing(what, dropped)}?")
    file.write(found.adopted, lines)
    console.message(
        f"wrote {adopted.FILE}: {what or 'no lines of these stacks are left'}"
        if found.adopted.exists()
        else f"deleted {adopted.FILE}: nothing is left to import"
    )
    return bool(what) or left


def _what(adoptions: tuple[StackAdoption, ...]) -> str:
    """How many lines of each kind there are; "" if there are none."""
    numbers = {
        "move": sum(len(adoption.moved) for adoption in adoptions),
        "import": sum(len(adoption.imported) for adoption in adoptions),
        "removal from the state": sum(len(adoption.forgotten) for adoption in adoptions),
    }
    plurals = {"removal from the state": "removals from the state"}
    return ", ".join(
        counted(number, word, plurals.get(word, "")) for word, number in numbers.items() if number
    )


def _doing(what: str, dropped: int) -> str:
    """What writing the file does, for the question."""
    write = f"Write {what} into {adopted.FILE}" if what else ""
    remove = f"remove {dropped} lines of {adopted.FILE} that are not needed any more" if dropped else ""
    both = ", and ".join(part for part in (write, remove) if part)
    return f"{both[0].upper()}{both[1:]}"


def _say(plans: tuple[Plan, ...]) -> None:
    """Print each stack's verdict and differences, and the findings of the review."""
    for plan in plans:
        console.message(f"\n{plan.stack}: {differences.verdict(plan)}")
        for difference in differences.named(plan):
            for line in difference.lines:
                console.message(f"  {line}")
    reviewed = review(plans, read_settings(None), datetime.now(UTC).date())
    for finding in reviewed.findings:
        console.message(f"{finding.severity}: {finding.address or finding.stack}: {finding.what}")
    console.message(f"\nreview: {reviewed.verdict}")
    names = [plan.stack for plan in plans]
    console.message(f"the whole review: {command_line('slipway', 'plan', *names)}")
    console.message(f"to undo: delete {adopted.FILE}; to adopt: commit it, and apply as usual")


def _adopted(adoptions: tuple[StackAdoption, ...]) -> list[tuple[str, str]]:
    return [(found.type, found.id) for adoption in adoptions for found in adoption.imported]
