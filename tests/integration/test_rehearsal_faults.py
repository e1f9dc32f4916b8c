"""Every fault of the table, for real: containers, registry, host scripts, as CodeDeploy's agent runs them."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.rehearsal import stack_settings
from local.rehearsal.machines import registry
from local.rehearsal.machines.docker_engine import require_possible
from local.rehearsal.machines.programs import require
from slipway.checkout import project
from slipway.console.errors import SlipwayError
from slipway.terraform.stacks.synthesis import synthesise
from tests.integration.pipelines import ROOT
from tests.rehearsals.faults.fault import Fault, play, possible
from tests.rehearsals.faults.fault_testbed import FaultTestbed, fault_testbed
from tests.rehearsals.faults.table import FAULTS

pytestmark = [pytest.mark.integration, pytest.mark.rehearsal, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def testbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultTestbed]:
    try:
        require(registry.PROGRAMS)
        require_possible()
    except SlipwayError as error:
        pytest.skip(str(error))
    found = project.find(ROOT)
    output: Path = tmp_path_factory.mktemp("synthesised") / "cdktf.out"
    asyncio.run(synthesise(ROOT, output))
    plan = stack_settings.read(output / "stacks" / found.names.environments[0].stack)
    with fault_testbed(found, plan) as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_ends_as_its_table_says(testbed: FaultTestbed, fault: Fault) -> None:
    if not possible(testbed, fault):
        pytest.skip("it takes a Docker engine that is nobody else's, which only root can start")
    assert asyncio.run(play(testbed, fault)) == []
