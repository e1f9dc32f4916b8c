"""Builds and deployments that last until their results are reported.

Without reports every action succeeds at once (codepipeline_executions.py). AWS has no API for this; it is a
path beside CodePipeline's own, to which local.emulator.pipeline_reports sends.
"""

from typing import Any  # a report is JSON

from moto.codepipeline.models import codepipeline_backends
from moto.core.utils import utcnow

from local.emulator.gaps import codepipeline_executions as runs
from local.emulator.gaps.patching import hear
from local.emulator.pipeline_reports import PATH


def fill() -> None:
    """Serves the path for reports."""
    hear(PATH, take)


def take(account: str, report: dict[str, Any]) -> str:
    """Receives one report, or the announcement that results will be reported."""
    region: str = report["region"]
    if "execution" not in report:
        runs.PLAYED.add((account, region))
        return region
    pipeline = codepipeline_backends[account][region].pipelines[report["pipeline"]]
    run = runs.executions_of(pipeline).runs[report["execution"]]
    (action,) = (
        action
        for action in run.actions
        if action.definition["name"] == report["action"] and action.status == runs.RUNNING
    )
    action.external_id = report["externalId"]
    if report["status"] == runs.FAILED:
        runs.fail(run, action, report["error"])
    else:
        action.status, action.changed = report["status"], utcnow().timestamp()
    runs.go_on(pipeline)
    return action.status
