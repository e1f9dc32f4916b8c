"""checkov looks at real plans, of the committed pipeline and of a matrix of settings, and finds nothing.

Nothing, that is, that suppressions.toml does not explain.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.emulator.process import running
from modules.config.settings import PipelineSettings
from tests.integration.workbench import Workbench, prepare
from tests.security.scan.checkov import Scan, scan
from tests.security.scan.matrix import pipelines
from tests.security.scan.scanned import COMMITTED, MATRIX, hold_against
from tests.security.scan.suppressions import suppressions, unsuppressed, unused
from tests.settings import ACCOUNT, CERTIFICATE_ARN, REGION, demo
from tests.synthesis import synthesise

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def checkov() -> Path:
    import scanner  # scripts/dev/scanner.py

    try:
        return scanner.install()
    except subprocess.CalledProcessError as failure:
        pytest.skip(f"checkov cannot be installed: {failure}")


@pytest.fixture(scope="module")
def workbench(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with running(account=ACCOUNT, region=REGION, certificates=[CERTIFICATE_ARN]) as emulator:
        prepare({"demo": demo(), **pipelines()}, emulator)
        yield Workbench(tmp_path_factory.mktemp("scanned") / "stack", emulator)


@pytest.fixture(scope="module")
def committed(checkov: Path, workbench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Scan:
    folder = tmp_path_factory.mktemp("committed")
    return scan(checkov, folder, planned(workbench, folder, {"committed": demo()}))


@pytest.fixture(scope="module")
def matrix(checkov: Path, workbench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Scan:
    folder = tmp_path_factory.mktemp("matrix")
    return scan(checkov, folder, planned(workbench, folder, pipelines()))


def planned(
    workbench: Workbench, folder: Path, settings: Mapping[str, PipelineSettings]
) -> dict[str, Mapping[str, Any]]:
    """Plans every stack into the folder, stacks that are the same once; what was planned, by file."""
    stacks = {}
    for name, pipeline in settings.items():
        for stack, content in synthesise(pipeline).stacks.items():
            file = f"{name}-{stack}.json"
            if workbench.plan(file, content, show=folder / file) is None:
                stacks[file] = content
    return stacks


def test_the_committed_pipeline_has_no_finding_that_nobody_explained(committed: Scan) -> None:
    assert unsuppressed(committed.findings, suppressions("checkov")) == []


def test_the_counts_of_the_committed_pipeline_are_the_recorded_ones(committed: Scan) -> None:
    hold_against(COMMITTED, committed)


def test_a_mistake_in_a_plan_is_found(checkov: Path, workbench: Workbench, tmp_path: Path) -> None:
    staging = json.loads(json.dumps(synthesise(demo()).stacks["my-app-staging"]))
    for template in staging["resource"]["aws_launch_template"].values():
        template["metadata_options"]["http_tokens"] = "optional"
    assert workbench.plan("mistaken.json", staging, show=tmp_path / "mistaken.json") is None
    findings = scan(checkov, tmp_path, {"mistaken.json": staging}).findings
    assert [each.split(":")[0] for each in unsuppressed(findings, suppressions("checkov"))] == [
        "checkov CKV_AWS_79 at my-app-staging/hosts/template/launch-template"
    ]


def test_no_pair_of_settings_has_a_finding_that_nobody_explained(matrix: Scan) -> None:
    assert unsuppressed(matrix.findings, suppressions("checkov")) == []


def test_the_counts_of_the_matrix_are_the_recorded_ones(matrix: Scan) -> None:
    hold_against(MATRIX, matrix)


def test_every_suppression_still_covers_a_finding(committed: Scan, matrix: Scan) -> None:
    assert unused([*committed.findings, *matrix.findings], suppressions("checkov")) == []
