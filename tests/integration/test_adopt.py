"""`slipway adopt` on what plain Terraform made: imported or moved, nothing changed, planned again empty."""

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


OTHER_LOGS = "module.logs.aws_cloudwatch_log_group.other"


@dataclass(frozen=True)
class TeamsWorld:
    """A checkout of Slipway in the account of a team that has everything already. state: the team's."""

    project: Project
    emulator: Emulator
    state: Path

    @property
    def adopted(self) -> adopted.Adopted:
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

    @property
    def aws(self) -> Aws:
        """Clients of the emulated account."""
        return Aws(REGION, self.emulator.environment)

    def give_addresses_of_a_team(self) -> int:
        """Rename everything in the foundation's state, and add a resource; how many were renamed.

        They are in a module with a key, and have keys of count or of for_each themselves.
        """
        s3, key = self.aws.s3, f"my-app/{FOUNDATION}.tfstate"
        state = json.loads(s3.get_object(Bucket=STATE_BUCKET, Key=key)["Body"].read())
        managed = [resource for resource in state["resources"] if resource["mode"] == "managed"]
        for number, resource in enumerate(managed):
            [instance] = resource["instances"]
            instance["index_key"] = 0 if len(resource["type"]) % 2 else 'of "the" ${team}]'
            instance.pop("dependencies", None)
            resource.update(module='module.net["a]"]', name=f"team_{number}")
        provider = managed[0]["provider"]
        other = {"schema_version": 0, "attributes": {"id": "/team/other", "name": "/team/other"}}
        _, kind, name = OTHER_LOGS.rsplit(".", 2)
        state["resources"].append(
            {
                "mode": "managed",
                "module": "module.logs[0]",
                "type": kind,
                "name": name,
                "provider": provider,
                "instances": [other],
            }
        )
        state["serial"] += 1
        s3.put_object(Bucket=STATE_BUCKET, Key=key, Body=json.dumps(state).encode())
        self.aws.logs.create_log_group(logGroupName="/team/other")
        return len(managed)

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
    world = TeamsWorld(Project(root, emulated.environment), emulated, root / "team.json")
    world.state.write_text(plain_world.make(root / "team", emulated, world.aws, planned))
    complete_handshakes(emulated.endpoint)
    return world


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

    # The state has this half at the team's addresses, and a group of logs that the stack does not plan.
    moved = team.give_addresses_of_a_team()
    code, _, words = team.adopt(FOUNDATION, "--yes")
    assert code == 3, words
    imported = len(everything) - moved
    assert moved >= len(half)
    assert imported > 0
    assert f"{FOUNDATION}: {moved} moved, {imported} imported, 0 changed, 1 destroyed, 1 created" in words
    kept = f'"{OTHER_LOGS}" = {{ destroy = false }}'
    assert f"{kept}  # /team/other" in words

    # With the line that is shown nothing is destroyed.
    with (team.project.root / adopted.FILE).open("a") as file:
        file.write(f"{kept}\n")
    code, _, words = team.adopt(FOUNDATION, "--yes")
    assert code == 0, words
    assert f"{moved} moved, {imported} imported, 0 changed, 0 destroyed, 1 forgotten, 1 created" in words
    assert f"{moved} to move, {imported} to import, 1 to add, 0 to change, 0 to destroy, 1 to forget" in words

    # All of it is moved and imported: nothing is left to do, and the file is gone.
    team.apply(FOUNDATION)
    assert team.changes() == {"sns:Subscribe"}
    assert team.aws.logs.describe_log_groups(logGroupNamePrefix="/team/other")["logGroups"]
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
