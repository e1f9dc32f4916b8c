"""One host is down for a shorter time with our scripts than with stop, pull, run: for real, on two hosts."""

import asyncio
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
from tests.rehearsals.downtime_comparison import measure
from tests.rehearsals.faults.fault_testbed import comparison_testbed

pytestmark = [pytest.mark.integration, pytest.mark.rehearsal, pytest.mark.timeout(900)]


def test_it_is_at_most_half_of_that_of_stop_pull_run(tmp_path: Path) -> None:
    try:
        require(registry.PROGRAMS)
        require_possible()
    except SlipwayError as error:
        pytest.skip(str(error))
    found = project.find(ROOT)
    output = tmp_path / "cdktf.out"
    asyncio.run(synthesise(ROOT, output))
    plan = stack_settings.read(output / "stacks" / found.names.environments[0].stack)
    with comparison_testbed(found, plan) as (testbed, plain):
        if not plain.engine.private:
            pytest.skip("an engine that is shared has the layers from the build: only root can start another")
        downtimes = asyncio.run(measure(testbed, plain, found.settings.app.port))
    assert downtimes.good, downtimes
