"""What one stack would adopt: its candidates, and what speaks against adopting them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from slipway.adopt.search import Candidate, Outcome
from slipway.aws.clients import Aws
from slipway.aws.existing import deploying
from slipway.console.errors import SlipwayError

GROUP, DEPLOYMENT_GROUP = "aws_autoscaling_group", "aws_codedeploy_deployment_group"
PAGE = "docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html"


@dataclass(frozen=True)
class StackAdoption:
    """A stack's candidates. written: what adopt.toml says for it now."""

    stack: str
    candidates: tuple[Candidate, ...]
    written: Mapping[str, str] = field(default_factory=dict)

    def of(self, *outcomes: Outcome) -> tuple[Candidate, ...]:
        """The candidates with one of these outcomes."""
        return tuple(candidate for candidate in self.candidates if candidate.outcome in outcomes)

    @property
    def imports(self) -> dict[str, str]:
        """The import id of each candidate to import, by address."""
        return {found.address: found.id for found in self.of(Outcome.FOUND, Outcome.WRITTEN)}

    @property
    def dropped(self) -> tuple[str, ...]:
        """Addresses in adopt.toml that are not needed: imported already, or no longer planned."""
        return tuple(sorted(self.written.keys() - self.imports.keys()))


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
    reason = f"is {found.why.removeprefix('also ')} too" if found.why else f"several have the same {found.by}"
    yield f"{stack}: {found.address}: {reason}"
    yield from (f'  "{found.address}" = "{existing}"' for existing in found.ids)


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
