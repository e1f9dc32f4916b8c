"""Moves executions through a pipeline's stages, which moto does not do.

Each action succeeds at once, except an approval, which waits for its answer, a build that the account's quota
forbids (codebuild_quota.py), and builds and deployments whose results are reported (codepipeline_reports.py).
An execution waits before a stage that is occupied or whose transition is disabled; the next execution that
arrives supersedes it (codepipeline/latest/userguide, concepts-how-it-works).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any  # a pipeline's definition is JSON
from uuid import uuid4

from moto.codepipeline.models import CodePipeline, PipelineExecution
from moto.core.utils import utcnow

from local.emulator.gaps import codebuild_quota

RUNNING, SUCCEEDED, FAILED, SUPERSEDED = "InProgress", "Succeeded", "Failed", "Superseded"
PLAYED: set[tuple[str, str]] = set()
"""The accounts and regions in which the results of builds and deployments are reported."""


@dataclass
class ActionExecution:
    """An action of an execution. token: for the answer to an approval."""

    stage: str
    definition: dict[str, Any]
    execution: str
    status: str = SUCCEEDED
    token: str = ""
    summary: str = ""
    by: str = ""
    error: str = ""
    external_id: str = ""
    id: str = field(default_factory=lambda: str(uuid4()))
    started: float = field(default_factory=lambda: utcnow().timestamp())
    changed: float = field(default_factory=lambda: utcnow().timestamp())


@dataclass
class ExecutionProgress:
    """An execution. entered: how many stages it has entered; actions: those that have begun."""

    execution: PipelineExecution
    revisions: list[dict[str, str]] = field(default_factory=list)
    trigger: dict[str, str] = field(default_factory=dict)
    entered: int = 0
    waits: bool = False
    actions: list[ActionExecution] = field(default_factory=list)


@dataclass
class PipelineExecutions:
    """The executions of one pipeline. transitions: the state of a stage's transition, by its name."""

    runs: dict[str, ExecutionProgress] = field(default_factory=dict)
    transitions: dict[str, dict[str, Any]] = field(default_factory=dict)


def executions_of(pipeline: CodePipeline) -> PipelineExecutions:
    """The executions, kept beside moto's own record."""
    kept: PipelineExecutions = vars(pipeline).setdefault("runs", PipelineExecutions())
    return kept


def start(
    pipeline: CodePipeline,
    execution: PipelineExecution,
    revisions: list[dict[str, str]],
    trigger: dict[str, str],
) -> None:
    """Begins an execution. trigger: what started it."""
    execution.status = RUNNING
    run = ExecutionProgress(execution, revisions, trigger)
    executions_of(pipeline).runs[execution.pipeline_execution_id] = run
    go_on(pipeline)


def go_on(pipeline: CodePipeline) -> None:
    """Advances all executions as far as possible, oldest first; one that moves can make room for others."""
    while any(_step(pipeline, run) for run in _running(pipeline)):
        pass


def answer(run: ExecutionProgress, action: ActionExecution, status: str, summary: str, by: str) -> None:
    """Records the answer to an approval; a rejection fails the execution."""
    action.status, action.summary, action.by = status, summary, by
    action.changed = utcnow().timestamp()
    if status == FAILED:
        _end(run, FAILED)


def fail(run: ExecutionProgress, action: ActionExecution, words: str) -> None:
    """Fails an action and its execution."""
    action.status, action.error = FAILED, words
    action.changed = utcnow().timestamp()
    _end(run, FAILED)


def inside(pipeline: CodePipeline, stage: str) -> ExecutionProgress | None:
    """The execution that is in a stage now or was the last in it; None if there was none."""
    number = _names(pipeline).index(stage) + 1
    there = [run for run in executions_of(pipeline).runs.values() if run.entered >= number]
    return there[-1] if there else None


def before(pipeline: CodePipeline, stage: str) -> ExecutionProgress | None:
    """The execution that waits before a stage; None if there is none."""
    number = _names(pipeline).index(stage)
    return next((run for run in _running(pipeline) if run.waits and run.entered == number), None)


def _running(pipeline: CodePipeline) -> Iterator[ExecutionProgress]:
    return (run for run in list(executions_of(pipeline).runs.values()) if run.execution.status == RUNNING)


def _step(pipeline: CodePipeline, run: ExecutionProgress) -> bool:
    """Advances an execution one step if it can; whether it did."""
    stages = pipeline.pipeline["stages"]
    if run.entered:
        stage = stages[run.entered - 1]
        done = [action for action in run.actions if action.stage == stage["name"]]
        if any(action.status != SUCCEEDED for action in done):
            return False
        if len(done) < len(stage["actions"]):
            following = sorted(stage["actions"], key=lambda action: action["runOrder"])[len(done)]
            run.actions.append(_begin(pipeline, run, stage["name"], following))
            return True
    if run.entered == len(stages):
        _end(run, SUCCEEDED)
        return True
    return _enter(pipeline, run, stages[run.entered]["name"])


def _enter(pipeline: CodePipeline, run: ExecutionProgress, stage: str) -> bool:
    number = run.entered + 1
    occupied = any(other.entered == number and not other.waits for other in _running(pipeline))
    open_ = executions_of(pipeline).transitions.get(stage, {}).get("enabled", True)
    if open_ and not occupied:
        run.entered, run.waits = number, False
        return True
    if not run.waits:
        for other in _running(pipeline):
            if other.waits and other.entered == run.entered:
                _end(other, SUPERSEDED)
        run.waits = True
    return False


def _begin(
    pipeline: CodePipeline, run: ExecutionProgress, stage: str, definition: dict[str, Any]
) -> ActionExecution:
    action = ActionExecution(stage, definition, run.execution.pipeline_execution_id)
    _, _, _, region, account, _ = pipeline.metadata["pipelineArn"].split(":")
    if definition["actionTypeId"]["category"] == "Approval":
        action.status, action.token = RUNNING, str(uuid4())
    elif definition["actionTypeId"]["category"] in ("Build", "Deploy") and (account, region) in PLAYED:
        action.status = RUNNING
    builds = definition["actionTypeId"]["provider"] == "CodeBuild"
    if builds and (words := codebuild_quota.refusal(account, region)):
        said = (
            f"Error calling startBuild: {words} (Service: AWSCodeBuild; Status Code: 400; "
            f"Error Code: {codebuild_quota.CODE}; Request ID: {uuid4()}; Proxy: null)"
        )
        fail(run, action, said)
    return action


def _end(run: ExecutionProgress, status: str) -> None:
    run.execution.status = status
    run.execution.last_update_time = utcnow()
    run.waits = False


def _names(pipeline: CodePipeline) -> list[str]:
    return [stage["name"] for stage in pipeline.pipeline["stages"]]
