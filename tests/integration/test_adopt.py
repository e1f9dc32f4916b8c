"""`slipway adopt` on what plain Terraform made: imported, nothing changed, planned again empty."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from local import stacks
from local.emulator import calls
from local.emulator.handshakes import complete_handshakes
from local.emulator.process import Emulator
from modules.config import adopted
from slipway.aws.clients import Aws
from slipway.checkout import project as checkout
from slipway.processes import interruption
from slipway.terraform.stacks.synthesis import synthesise
from tests.integration import plain_world
from tests.integration.applied_pipeline import copy_checkout
from tests.integration.pipelines import FOUNDATION, REGION, STATE_BUCKET, Project, heard, interrupt
from tests.patches import patched

pytestmark = [pytest.mark.integration, pytest.mark.slow]

READING = re.compile("Get|List|Describe|BatchGet|Head|Lookup")
OWN = """
    from constructs_lib.key import Key, logs_use
    from constructs_lib.log_group import LogGroup
    from constructs_lib.network import Network

    uses = [logs_use(foundation.place)]
    key = Key(foundation, "shared-key", description="Flow logs.", alias="alias/my-app-shared", services=uses)
    flow_logs = LogGroup(foundation, "shared-logs", name="/my-app/shared/flow-logs", key=key)
    Network(foundation, "shared", name="my-app-shared", cidr="10.90.0.0/16", zones=2, nat="single",
        log_group=flow_logs, flow_log_role_name="my-app-shared-flow-logs")
"""
"""A network that the services share, as a resource of the team's own in main.py."""


@dataclass(frozen=True)
class TeamsWorld:
    """A checkout of Slipway in the account of a team that has everything already. state: the team's."""

    project: Project
    emulator: Emulator
    state: Path

    @property
    def adopted(self) -> adopted.Imports:
        """What adopt.toml has."""
        return adopted.load(self.project.root / adopted.FILE)

    def adopt(self, *arguments: str) -> "tuple[int, str, str]":
        """Run the command; how it ended, its data and its words."""
        done = self.project.run("adopt", *arguments)
        return done.returncode, done.stdout, done.stderr

    def changes(self) -> set[str]:
        """What applies have called so far that changes something; calls for the state left out."""
        made = calls.read(self.emulator.directory / calls.NAME)
        return {
            f"{call.service}:{call.operation}"
            for call in made
            if call.who == "apply"
            and not READING.match(call.operation)
            and STATE_BUCKET not in call.on.values()
        }

    def apply(self, stack: str, *targets: str) -> str:
        """Apply a stack as the README says, or a part of it; what Terraform says."""
        output = self.project.root / "applied" / "cdktf.out"
        environment = {**self.emulator.environment, "PYTHONPATH": str(self.project.root)}
        interruption.run(synthesise(self.project.root, output, environment=environment))
        variables = stacks.point_at(self.emulator, output)
        directory = output / "stacks" / stack
        plain_world.terraform(directory, variables, "init")
        return plain_world.terraform(
            directory,
            variables,
            "apply",
            "-no-color",
            "-auto-approve",
            *(f"-target={name}" for name in targets),
        )


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory, terraform: str, emulated: Emulator) -> TeamsWorld:
    """What plain Terraform and a person made, and a checkout with no state yet."""
    root = tmp_path_factory.mktemp("checkout")
    copy_checkout(root)
    main = (root / "main.py").read_text("utf-8")
    marked = "    # A team's own resources go here"
    (root / "main.py").write_text(patched(main, marked, f"{OWN}\n{marked}"), "utf-8")
    stacks.make_state_bucket(checkout.find(root), emulated)
    output = root / "planned" / "cdktf.out"
    interruption.run(synthesise(root, output, environment=emulated.environment))
    planned = json.loads((output / "stacks" / FOUNDATION / "cdk.tf.json").read_text("utf-8"))
    aws = Aws(REGION, emulated.environment)
    (root / "team.json").write_text(plain_world.make(root / "team", emulated, aws, planned))
    complete_handshakes(emulated.endpoint)
    return TeamsWorld(Project(root, emulated.environment), emulated, root / "team.json")


def test_a_world_is_adopted_half_then_whole_and_planned_again_empty(team: TeamsWorld) -> None:
    # Interrupted while it plans: the file is whole, and the next run goes on.
    process = team.project.start("adopt", FOUNDATION, "--yes")
    heard(process, "planning 1 stacks")
    interrupt(process)
    assert process.returncode == 130
    everything = team.adopted[FOUNDATION]
    assert len(everything) >= 25

    code, data, words = team.adopt(FOUNDATION, "--yes", "--from-state", str(team.state))
    assert code == 0, words
    assert "adopt.toml needs no change" in words
    assert f"{FOUNDATION}: {len(everything)} imported, 0 changed, 0 destroyed" in words
    # What is added is the subscription of an address that has not confirmed it.
    assert f"{len(everything)} to import, 1 to add, 0 to change, 0 to destroy" in words
    assert data.count("destroy = false") == len(everything) - 1  # the lifecycle rules are made by hand

    # Half of it is imported, as if the apply had been interrupted: the command goes on with the rest.
    half = [address for address in everything if address.startswith(("aws_ecr", "aws_kms", "aws_vpc"))]
    team.apply(FOUNDATION, *half)
    assert team.changes() == set()
    code, _, words = team.adopt(FOUNDATION, "--yes")
    assert code == 0, words
    rest = team.adopted[FOUNDATION]
    assert 0 < len(rest) < len(everything) - len(half) + 1
    assert "0 changed, 0 destroyed" in words

    # All of it is imported: nothing is left to import or to change, and the file is gone.
    team.apply(FOUNDATION)
    assert team.changes() == {"sns:Subscribe"}
    code, _, words = team.adopt(FOUNDATION, "--yes")
    assert (code, team.adopted) == (0, {}), words
    assert not (team.project.root / adopted.FILE).exists()
    planned = team.project.run("plan", FOUNDATION)
    assert planned.returncode == 0, planned.stdout + planned.stderr


def test_what_exists_is_printed_as_json_and_nothing_is_written(team: TeamsWorld) -> None:
    code, data, words = team.adopt(FOUNDATION, "--json")

    assert code == 0, words
    assert json.loads(data)["stacks"][0]["stack"] == FOUNDATION
    assert not (team.project.root / adopted.FILE).exists()
