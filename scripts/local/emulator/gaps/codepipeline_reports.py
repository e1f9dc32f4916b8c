"""Builds and deployments that last until whoever plays them says how they ended.

Otherwise every action succeeds at once (codepipeline_executions.py). Inside AWS this is nobody's to see; here
it is one path beside CodePipeline's own, which local.emulator.pipeline_reports sends to.
"""

from typing import Any  # a report is JSON

from moto.codepipeline.models import codepipeline_backends
from moto.core.utils import utcnow

from local.emulator.gaps import codepipeline_executions as runs
from local.emulator.gaps.patching import hear
from local.emulator.pipeline_reports import PATH


def fill() -> None:
    """Adds it to moto."""
    hear(PATH, take)


def take(account: str, report: dict[str, Any]) -> str:
    """Takes one report, or that from now on there will be reports."""
    region: str = report["region"]
    if "execution" not in report:
        runs.PLAYED.add((account, region))
        return region
    pipeline = codepipeline_backends[account][region].pipelines[report["pipeline"]]
    run = runs.executions_of(pipeline).runs[report["execution"]]
    (action,) = (
        each
        for each in run.actions
        if each.definition["name"] == report["action"] and each.status == runs.RUNNING
    )
    action.external_id = report["externalId"]
    if report["status"] == runs.FAILED:
        runs.fail(run, action, report["error"])
    else:
        action.status, action.changed = report["status"], utcnow().timestamp()
    runs.go_on(pipeline)
    return action.status
