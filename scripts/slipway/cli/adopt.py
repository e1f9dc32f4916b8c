"""``slipway adopt``: finds what exists of the stacks already, writes adopt.toml, plans, names differences."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from modules.config import adopted
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
        typer.Argument(metavar="[STACK...]", help="Only these stacks. Default: all."),
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
    Nothing in AWS or in a state changes: review, commit and apply as usual. To undo it before the apply,
    delete adopt.toml. After an apply, also an interrupted one, run it again: what is imported is left out.
    docs/adopting.md has the steps, and what cannot be adopted.

    Exit codes: 0 adopted without differences, or nothing to adopt, 1 failed, refused or aborted, 2 wrong
    settings or usage, 3 written, but the apply would change or destroy something, 130 interrupted.
    """
    confirm.require_somebody(yes=yes or json)
    other = contents.parse(from_state.read_text("utf-8"), str(from_state)) if from_state else ()
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
    named = [adoption.stack for adoption in adoptions if adoption.imports]
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
            search = Search(read, contents.of_stack(bucket, found.names.state_key(stack.name)), own)
            candidates = search.all(PlannedStack.read(stack.directory, search.find))
            adoptions.append(StackAdoption(stack.name, candidates, own))
    return tuple(adoptions)


def _show(aws: Aws, adoptions: tuple[StackAdoption, ...]) -> None:
    for adoption in adoptions:
        console.message(f"\n{table.heading(adoption)}")
        rows = table.candidates(adoption)
        if rows.row_count:
            show(rows)
        for remark in remarks(aws, adoption):
            console.message(f"! {remark}")


def _written(found: Project, adoptions: tuple[StackAdoption, ...], *, yes: bool) -> bool:
    """Ask, and write adopt.toml. Returns whether there is anything to import."""
    now = adopted.load(found.adopted)
    imports = {**now, **{adoption.stack: adoption.imports for adoption in adoptions}}
    count = sum(len(adoption.imports) for adoption in adoptions)
    dropped = sum(len(adoption.dropped) for adoption in adoptions)
    if file.text(imports) == file.text(now):
        console.message(f"\n{adopted.FILE} needs no change" if count else "\nnothing to adopt")
        return bool(count)
    done = f", and remove {dropped} lines that are not needed any more" if dropped else ""
    console.message()
    if not yes:
        confirm.agree(f"Write {count} imports into {adopted.FILE}{done}?")
    file.write(found.adopted, imports)
    console.message(f"wrote {adopted.FILE}: {count} imports{done}")
    return bool(count)


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
    console.message(f"to undo: delete {adopted.FILE}; to import: commit it, and apply as usual")


def _adopted(adoptions: tuple[StackAdoption, ...]) -> list[tuple[str, str]]:
    return [
        (found.type, adoption.imports[found.address])
        for adoption in adoptions
        for found in adoption.candidates
        if found.address in adoption.imports
    ]
