"""What one stack would adopt: its candidates, and what speaks against adopting them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from modules.config.adopted import DESTROY, INDEX, MOVED, Line, forgets
from slipway.adopt import file
from slipway.adopt.search import Candidate, Outcome, Search
from slipway.adopt.stack import PlannedStack
from slipway.adopt.state import LeftResources, StackState
from slipway.aws.clients import Aws
from slipway.aws.existing import deploying
from slipway.console.errors import SlipwayError
from slipway.console.shell import command_line
from slipway.terraform.state.contents import StateResource

GROUP, DEPLOYMENT_GROUP = "aws_autoscaling_group", "aws_codedeploy_deployment_group"
PAGE = "docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html"


@dataclass(frozen=True)
class StackAdoption:
    """A stack's candidates. written: what adopt.toml has for it now. left: what else its state has.

    forgotten: the addresses of what its state has and adopt.toml gives up.
    """

    stack: str
    candidates: tuple[Candidate, ...]
    written: Mapping[str, Line] = field(default_factory=dict)
    left: tuple[LeftResources, ...] = ()
    forgotten: tuple[str, ...] = ()

    def of(self, *outcomes: Outcome) -> tuple[Candidate, ...]:
        """The candidates with one of these outcomes."""
        return tuple(candidate for candidate in self.candidates if candidate.outcome in outcomes)

    @property
    def moved(self) -> tuple[Candidate, ...]:
        """The candidates that the state has at another address."""
        return tuple(found for found in self.of(Outcome.FOUND, Outcome.WRITTEN) if found.moved_from)

    @property
    def imported(self) -> tuple[Candidate, ...]:
        """The candidates that the state does not have."""
        return tuple(found for found in self.of(Outcome.FOUND, Outcome.WRITTEN) if not found.moved_from)

    @property
    def lines(self) -> dict[str, Line]:
        """What adopt.toml should have for the stack."""
        return {
            **{found.address: found.id for found in self.imported},
            **{found.address: {MOVED: found.moved_from[0]} for found in self.moved},
            **{address: {DESTROY: False} for address in self.forgotten},
        }

    @property
    def dropped(self) -> tuple[str, ...]:
        """Addresses in adopt.toml that are not needed: done already, or no longer planned."""
        return tuple(sorted(self.written.keys() - self.lines.keys()))


def adoption_of(
    name: str,
    planned: PlannedStack,
    search: Search,
    state: Mapping[str, StateResource],
    written: Mapping[str, Line],
) -> StackAdoption:
    """Search for what a stack plans. state: what its state has. written: what adopt.toml has for it."""
    candidates = search.all(planned)
    bases = {INDEX.sub("", address) for address in state if not planned.plans(address)}
    forgotten = [address for address, line in written.items() if forgets(line) and address in bases]
    moved = {old for candidate in candidates for old in candidate.moved_from}
    left = StackState(state, planned).left(moved)
    return StackAdoption(name, candidates, written, left, tuple(sorted(forgotten)))


def require_unambiguous(adoptions: tuple[StackAdoption, ...]) -> None:
    """Raise SlipwayError, which lists every resource of which several candidates exist."""
    lines = [
        line
        for adoption in adoptions
        for found in adoption.of(Outcome.AMBIGUOUS)
        for line in _unclear(adoption.stack, found)
    ]
    if lines:
        raise SlipwayError(
            "which resources to adopt is not clear; nothing was written",
            why="\n".join(lines),
            then="write the right line into adopt.toml, below its stack, then run the command again",
        )


def _unclear(stack: str, found: Candidate) -> Iterator[str]:
    if found.moved_from:
        yield f"{stack}: {found.address}: {found.why}"
        yield from (f"  {file.line(found.address, {MOVED: old})}" for old in found.moved_from)
        return
    reason = f"is {found.why.removeprefix('also ')} too" if found.why else f"several have the same {found.by}"
    yield f"{stack}: {found.address}: {reason}"
    yield from (f"  {file.line(found.address, existing)}" for existing in found.ids)


def require_one_deployment_group(aws: Aws, adoptions: tuple[StackAdoption, ...]) -> None:
    """Raise SlipwayError if several deployment groups deploy, or would, to an existing group of hosts."""
    stacks = {
        name: adoption
        for adoption in adoptions
        for found in adoption.of(Outcome.FOUND, Outcome.WRITTEN, Outcome.DIFFERENT)
        if found.type == GROUP
        for name in found.ids
    }
    for name, groups in deploying.deployment_groups_on(aws, list(stacks)).items():
        adoption = stacks[name]
        others = [group for group in groups if group not in _adopted_groups(adoption)]
        kept = any(found.id == name for found in adoption.of(Outcome.FOUND, Outcome.WRITTEN))
        if len(groups) > 1 or (others and kept):
            raise SlipwayError(
                f"several deployment groups would deploy to the hosts of {name}; nothing was written",
                why=f"{', '.join(others or groups)} and the one of {adoption.stack}: if one deployment\n"
                f"fails, the others on the host can take an hour to time out ({PAGE})",
                then="delete the other deployment groups, or give them an Auto Scaling group of their own",
            )


def _adopted_groups(adoption: StackAdoption) -> set[str]:
    """The deployment groups that are adopted, as ``deployment_groups_on`` names them."""
    adopted = adoption.of(Outcome.FOUND, Outcome.WRITTEN)
    return {found.id.replace(":", "/") for found in adopted if found.type == DEPLOYMENT_GROUP}


def remaining(adoption: StackAdoption) -> Iterator[str]:
    """What the apply would destroy because nothing plans it, each with the line that keeps it in AWS."""
    if not adoption.left:
        return
    yield (
        f"! {adoption.stack}: the apply would destroy what its state has and the stack does not plan. "
        f'To keep it in AWS, write its line into adopt.toml, below ["{adoption.stack}"]:'
    )
    for left in adoption.left:
        line = file.line(left.address, {DESTROY: False})
        if not left.removable:  # Terraform refuses a removed block for what is planned with other keys
            line = command_line("terraform", "state", "rm", left.address)
        same = f": {left.same} is the same, and would be destroyed with it" if left.same else ""
        yield f"  {line}  # {', '.join(left.ids)}{same}"
    example = file.line("<its address in the stack>", {MOVED: "<its address in the state>"})
    yield f"  If it is a resource that the stack plans, write instead: {example}"


def remarks(aws: Aws, adoption: StackAdoption) -> Iterator[str]:
    """What is different about the existing hosts, and stays so."""
    for found in adoption.of(Outcome.DIFFERENT):
        yield (
            f"{found.address}: {found.ids[0]} exists, but {found.why}. Terraform would replace it: it is "
            "not imported; a new one is created beside it"
        )
    for found in adoption.of(Outcome.FOUND, Outcome.WRITTEN, Outcome.DIFFERENT):
        refresh = deploying.last_refresh(aws, found.ids[0]) if found.type == GROUP else ""
        if refresh:
            yield (
                f"{found.address}: {found.ids[0]} has had the instance refresh {refresh}: whatever starts "
                "them continues to; slipway hosts renew replaces hosts from now on"
            )
