"""Makes the plans that the tests of the review read: real Terraform, then all that is of one machine or day.

``PYTHONPATH=.:scripts python -m tests.integration.review_plans [NAME…]`` writes them again, into
tests/plan_review/plans/.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.emulator.overrides import PROVIDER
from local.emulator.process import Emulator, running
from modules.config import provider
from slipway.aws.clients import Aws
from slipway.terraform import cli_config
from tests.integration.pipelines import ACCOUNT, REGION
from tests.integration.review_cases import AWS_CASES, CASES, Case

PLANS = Path(__file__).parents[1] / "plan_review" / "plans"
SUMMARIES = "summaries.json"
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
RANDOM = {
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)"): "2026-01-01T00:00:00Z",
    re.compile(r"AROA[A-Z0-9]{16,}"): "AROAEXAMPLEEXAMPLEEX",
}
SUMMARY = re.compile(r"^(?:Plan: .*|No changes\..*)$", re.MULTILINE)
MODULE = {"address", "resources", "child_modules"}
RELEVANT = {"resource", "attribute"}
MAIN, OVERRIDE = "main.tf", "providers.tf.json"
PROVIDERS = {
    "terraform": {"required_providers": {"aws": {"source": provider.SOURCE, "version": provider.VERSION}}},
    "provider": {"aws": [{"region": REGION, **PROVIDER}]},
}


@dataclass(frozen=True)
class Made:
    """A plan as JSON, scrubbed, and the line that Terraform itself sums it up with; empty if it has none."""

    plan: Mapping[str, object]
    summary: str


@dataclass(frozen=True)
class Workshop:
    """A directory that Terraform is initialised in; each case starts without a state."""

    directory: Path
    environment: Mapping[str, str]

    def make(self, case: Case, *, meddle: "Meddle | None" = None) -> Made:
        """Apply what is before, plan what is after."""
        for name, content in case.modules.items():
            (self.directory / name).parent.mkdir(exist_ok=True)
            (self.directory / name).write_text(content)
        if case.before:
            self._put(case.before)
            self.terraform("apply", "-auto-approve", fails=case.fails)
        if case.deposes:
            self._depose()
        if meddle:
            meddle()
        self._put(case.after)
        words = self.terraform("plan", "-no-color", "-out=plan", *case.arguments, fails=case.planning_fails)
        summary = SUMMARY.search(words)
        return Made(
            scrubbed(json.loads(self.terraform("show", "-json", "plan"))), summary[0] if summary else ""
        )

    def clear(self) -> None:
        """Destroy what a case made, and forget it."""
        self.terraform("destroy", "-auto-approve", fails=None)
        for file in self.directory.glob("terraform.tfstate*"):
            file.unlink()

    def terraform(self, *arguments: str, fails: bool | None = False) -> str:
        """Run Terraform; what it wrote to standard output. fails: None if it may."""
        run = subprocess.run(
            ["terraform", *arguments],
            cwd=self.directory,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if fails is not None and bool(run.returncode) != fails:
            raise AssertionError(f"terraform {' '.join(arguments)}:\n{run.stdout}\n{run.stderr}")
        return run.stdout

    def _depose(self) -> None:
        """Note in the state an object of each resource that was not destroyed when it was replaced."""
        file = self.directory / "terraform.tfstate"
        state = json.loads(file.read_text())
        for resource in state["resources"]:
            old = {**resource["instances"][0], "deposed": "0badcafe"}
            resource["instances"].append(old)
        file.write_text(json.dumps(state))

    def _put(self, content: str) -> None:
        (self.directory / MAIN).write_text(content)
        if not (self.directory / ".terraform" / "providers").exists():
            self.terraform("init", "-input=false")


@dataclass(frozen=True)
class Meddle:
    """Changes something in AWS behind Terraform's back, or before it knows of it."""

    case: str
    aws: Aws

    def __call__(self) -> None:
        """Do what this case needs."""
        if self.case == "aws-drift":
            self.aws.logs.put_retention_policy(logGroupName="/shop/app", retentionInDays=1)
        elif self.case == "aws-import":
            self.aws.logs.create_log_group(logGroupName="/shop/app")


def scrubbed(plan: object) -> Mapping[str, object]:
    """A plan without what is another at each run: its ids in the order in which they come, its times."""
    names: dict[str, str] = {}
    text = json.dumps(_in_order(plan))
    for pattern, instead in RANDOM.items():
        text = pattern.sub(instead, text)
    text = UUID.sub(
        lambda match: names.setdefault(match[0], f"00000000-0000-0000-0000-{len(names) + 1:012}"), text
    )
    found: Mapping[str, object] = json.loads(text)
    return found


def _in_order(value: object) -> object:
    """The value; what Terraform lists as it comes (modules, relevant attributes) in an order of its own."""
    if isinstance(value, dict):
        return {key: _in_order(member) for key, member in value.items()}
    if not isinstance(value, list):
        return value
    members = [_in_order(member) for member in value]
    return sorted(members, key=json.dumps) if all(map(_is_listed_as_it_comes, members)) else members


def _is_listed_as_it_comes(member: object) -> bool:
    if not isinstance(member, dict):
        return False
    return {"address"} <= set(member) <= MODULE or set(member) == RELEVANT


def builtin(directory: Path) -> Workshop:
    """A workshop for what Terraform itself brings."""
    return Workshop(directory, _environment(directory, {}))


def with_aws(directory: Path, emulator: Emulator) -> Workshop:
    """A workshop for the real AWS provider, against the emulated AWS."""
    (directory / OVERRIDE).write_text(json.dumps(PROVIDERS))
    return Workshop(directory, _environment(directory, emulator.environment))


def written(plan: Mapping[str, object]) -> str:
    """A plan as it is committed: a line for each resource would be too long, one for each value too many."""
    return json.dumps(plan, ensure_ascii=False, indent=1) + "\n"


def _environment(directory: Path, environment: Mapping[str, str]) -> dict[str, str]:
    whole = dict(environment or os.environ)
    return whole | cli_config.environment(directory / "settings", environ=whole)


def main(names: Sequence[str]) -> None:
    """Write the named plans, or every one, and how Terraform sums them up."""
    PLANS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for name, case in _chosen(CASES, names):
            _write(name, builtin(_place(place, name)).make(case))
    if chosen := _chosen(AWS_CASES, names):
        with tempfile.TemporaryDirectory() as place, running(account=ACCOUNT, region=REGION) as emulator:
            workshop = with_aws(_place(place, "aws"), emulator)
            for name, case in chosen:
                _write(name, workshop.make(case, meddle=Meddle(name, Aws(REGION, emulator.environment))))
                workshop.clear()


def _chosen(cases: Mapping[str, Case], names: Sequence[str]) -> list[tuple[str, Case]]:
    return [(name, case) for name, case in cases.items() if not names or name in names]


def _write(name: str, made: Made) -> None:
    """Keep a plan and its summary."""
    (PLANS / f"{name}.json").write_text(written(made.plan))
    file = PLANS / SUMMARIES
    summaries = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps({**summaries, name: made.summary}, indent=2, sort_keys=True) + "\n")
    sys.stdout.write(f"{name}: {made.summary}\n")


def _place(parent: str, name: str) -> Path:
    directory = Path(parent) / name
    directory.mkdir()
    return directory


if __name__ == "__main__":
    main(sys.argv[1:])
