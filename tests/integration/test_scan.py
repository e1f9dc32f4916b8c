"""checkov looks at real plans, of the committed pipeline, the state bucket and a matrix, and finds nothing.

Nothing, that is, that suppressions.toml does not explain.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.emulator.process import Emulator, running
from modules.config.names import Names
from slipway.aws.clients import Aws
from slipway.terraform.state.bootstrap import bootstrap
from slipway.terraform.state.bucket import StateBucket
from tests.integration.planning import Stack, distinct, plan_all, prepare
from tests.security.scan import state_bucket
from tests.security.scan.checkov import Scan, scan, together
from tests.security.scan.matrix import pipelines
from tests.security.scan.scanned import COMMITTED, MATRIX, STATE_BUCKET, hold_against
from tests.security.scan.suppressions import suppressions, unsuppressed, unused
from tests.settings import ACCOUNT, CERTIFICATE_ARN, CONNECTION_ARN, REGION, demo
from tests.synthesis import synthesise

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1800)]

COMMITTED_STACKS, MISTAKEN = "committed", "mistaken"
STATE, MISTAKEN_STATE = "state", "mistaken_state"


@pytest.fixture(scope="module")
def checkov() -> Path:
    import scanner  # scripts/dev/scanner.py

    try:
        return scanner.install()
    except subprocess.CalledProcessError as failure:
        pytest.skip(f"checkov cannot be installed: {failure}")


@pytest.fixture(scope="module")
def scans(checkov: Path, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scan]:
    """Every stack planned and scanned once; two have a mistake."""
    directory = tmp_path_factory.mktemp("scanned")
    stacks = {**distinct(everything()), MISTAKEN: with_a_mistake()}
    with running(account=ACCOUNT, region=REGION, existing=[CERTIFICATE_ARN, CONNECTION_ARN]) as emulator:
        prepare({"demo": demo(), **pipelines()}, emulator)
        stacks |= bootstrapped(emulator)
        plans = plan_all(directory / "stacks", emulator, stacks)
    return scan(checkov, directory, plans, stacks)


def everything() -> Iterator[tuple[str, Stack]]:
    """Each stack of the committed pipeline and of the matrix, and a name for it."""
    for name, pipeline in {COMMITTED_STACKS: demo(), **pipelines()}.items():
        for stack, content in synthesise(pipeline).stacks.items():
            yield f"{name}_{stack}", content


def bootstrapped(emulator: Emulator) -> dict[str, Stack]:
    """The state bucket as bootstrap makes it, and as it would be if it left something out."""
    bucket = StateBucket.of(Aws(REGION, emulator.environment), demo(), Names.of(demo()))
    bootstrap(bucket, print)
    made = state_bucket.stack(bucket, synthesise(demo()).stacks["my-app-foundation"])
    left_out = {name: each for name, each in made["resource"].items() if "public_access" not in name}
    return {STATE: made, MISTAKEN_STATE: {**made, "resource": left_out}}


def with_a_mistake() -> Stack:
    staging: dict[str, Any] = json.loads(json.dumps(synthesise(demo()).stacks["my-app-staging"]))
    for template in staging["resource"]["aws_launch_template"].values():
        template["metadata_options"]["http_tokens"] = "optional"
    return staging


@pytest.fixture(scope="module")
def committed(scans: Mapping[str, Scan]) -> Scan:
    return together([each for name, each in scans.items() if name.startswith(COMMITTED_STACKS)])


@pytest.fixture(scope="module")
def matrix(scans: Mapping[str, Scan]) -> Scan:
    return together([each for name, each in scans.items() if name.startswith("matrix")])


def test_the_committed_pipeline_has_no_finding_that_nobody_explained(committed: Scan) -> None:
    assert unsuppressed(committed.findings, suppressions("checkov")) == []


def test_what_is_found_in_the_committed_pipeline_is_recorded(committed: Scan) -> None:
    hold_against(COMMITTED, committed)


def test_a_mistake_in_a_plan_is_found(scans: Mapping[str, Scan]) -> None:
    findings = scans[MISTAKEN].findings
    assert [each.split(":")[0] for each in unsuppressed(findings, suppressions("checkov"))] == [
        "checkov CKV_AWS_79 at my-app-staging/hosts/template/launch-template"
    ]


def test_the_state_bucket_has_no_finding_that_nobody_explained(scans: Mapping[str, Scan]) -> None:
    assert unsuppressed(scans[STATE].findings, suppressions("checkov")) == []


def test_what_is_found_in_the_state_bucket_is_recorded(scans: Mapping[str, Scan]) -> None:
    hold_against(STATE_BUCKET, scans[STATE])


def test_what_bootstrap_leaves_out_is_found(scans: Mapping[str, Scan]) -> None:
    findings = unsuppressed(scans[MISTAKEN_STATE].findings, suppressions("checkov"))
    assert [finding.split(":")[0] for finding in findings] == ["checkov CKV2_AWS_6 at bootstrap/state/bucket"]


def test_no_pair_of_settings_has_a_finding_that_nobody_explained(matrix: Scan) -> None:
    assert unsuppressed(matrix.findings, suppressions("checkov")) == []


def test_what_is_found_in_the_matrix_is_recorded(matrix: Scan) -> None:
    hold_against(MATRIX, matrix)


def test_every_suppression_still_covers_a_finding(
    scans: Mapping[str, Scan], committed: Scan, matrix: Scan
) -> None:
    found = [*committed.findings, *scans[STATE].findings, *matrix.findings]
    assert unused(found, suppressions("checkov")) == []
