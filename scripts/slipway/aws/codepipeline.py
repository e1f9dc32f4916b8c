"""Reads CodePipeline's pipeline: its stages, their inbound transitions, and pending approvals."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from modules.config.names import Names
from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError
from slipway.aws.identity import name_in
from slipway.console.cdk import cdk
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_codepipeline.type_defs import (
        ActionExecutionDetailTypeDef,
        ActionStateTypeDef,
        StageStateTypeDef,
    )

COMMAND = "Command"
"""The action that runs the release command (constructs_lib/pipeline.py)."""
EXECUTIONS = 200  # of the newest, which are read
PAGE = 100  # the most that ListPipelineExecutions returns at once


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A pending manual approval. token: CodePipeline's, valid for this approval only."""

    stage: str
    action: str
    token: str
    execution: str
    commit: str = ""
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StageTransition:
    """The inbound transition of a stage. waiting: the commit that waits for the stage, "" if none does."""

    enabled: bool
    reason: str = ""
    by: str = ""
    since: datetime | None = None
    waiting: str = ""


@dataclass(frozen=True, kw_only=True)
class StageState:
    """One stage. status: of its last execution, "" if it never ran.

    error: why it failed, "" if it did not.
    """

    name: str
    status: str
    execution: str
    commit: str
    since: datetime | None
    error: str
    transition: StageTransition
    approval: Approval | None
    failed_action: str = ""


@dataclass(frozen=True)
class PipelineExecution:
    """One execution. status: CodePipeline's, such as InProgress, Succeeded or Failed."""

    id: str
    status: str


@dataclass(frozen=True, kw_only=True)
class ActionRun:
    """An action of an execution.

    external_id: of the build or deployment that it started. error: AWS's text.
    """

    stage: str
    action: str
    status: str
    external_id: str
    error: str


@dataclass(frozen=True)
class PipelineState:
    """A pipeline. stages: by name, in the pipeline's order."""

    stages: Mapping[str, StageState]


def pipeline_state(aws: Aws, name: str) -> PipelineState | None:
    """The pipeline's current state; None if no pipeline has this name."""
    try:
        state = aws.codepipeline.get_pipeline_state(name=name)
    except AwsError as error:
        if error.code == "PipelineNotFoundException":
            return None
        raise
    commits = _commits(aws, name)
    stages = (_stage(stage_state, commits) for stage_state in state["stageStates"])
    return PipelineState({stage.name: stage for stage in stages})


def require_pipeline(aws: Aws, names: Names) -> PipelineState:
    """The service's pipeline. Raises SlipwayError if it does not exist."""
    found = pipeline_state(aws, names.delivery_pipeline)
    if found is None:
        raise SlipwayError(
            f"the pipeline {names.delivery_pipeline} does not exist",
            then=f"apply {names.delivery_stack}: {cdk('deploy', '*')}",
        )
    return found


def require_stage(aws: Aws, names: Names, environment: str) -> StageState:
    """The stage that deploys to an environment. Raises SlipwayError if it does not exist."""
    stages = require_pipeline(aws, names).stages
    if environment not in stages:
        raise SlipwayError(
            f"the pipeline {names.delivery_pipeline} has no stage {environment}",
            then=f"apply {names.delivery_stack}, which adds it",
        )
    return stages[environment]


def newest_executions(aws: Aws, name: str) -> dict[str, str]:
    """The id of the newest execution of each commit; empty if no pipeline has this name."""
    try:
        commits = _commits(aws, name)
    except AwsError as error:
        if error.code == "PipelineNotFoundException":
            return {}
        raise
    return {commit: execution for execution, commit in reversed(list(commits.items()))}


def starts(aws: Aws, name: str) -> tuple[str, ...] | None:
    """What started each of the newest executions, newest first; None if no pipeline has this name.

    Trigger types are CreatePipeline, StartPipelineExecution, Webhook, WebhookV2, CloudWatchEvent ….
    """
    try:
        answer = aws.codepipeline.list_pipeline_executions(pipelineName=name, maxResults=PAGE)
    except AwsError as error:
        if error.code == "PipelineNotFoundException":
            return None
        raise
    return tuple(
        summary.get("trigger", {}).get("triggerType", "") for summary in answer["pipelineExecutionSummaries"]
    )


def execution_of(aws: Aws, name: str, revision: str) -> PipelineExecution | None:
    """The newest execution of a source revision (a commit, or an S3 object's version), None if none."""
    pages = aws.codepipeline.get_paginator("list_pipeline_executions").paginate(
        pipelineName=name, PaginationConfig={"MaxItems": EXECUTIONS, "PageSize": PAGE}
    )
    for page in pages:
        for summary in page["pipelineExecutionSummaries"]:
            if revision in [source.get("revisionId") for source in summary.get("sourceRevisions", ())]:
                return PipelineExecution(summary["pipelineExecutionId"], summary["status"])
    return None


def actions_of(aws: Aws, name: str, execution: str) -> tuple[ActionRun, ...]:
    """The actions of an execution, newest first."""
    pages = aws.codepipeline.get_paginator("list_action_executions").paginate(
        pipelineName=name, filter={"pipelineExecutionId": execution}
    )
    return tuple(_action(detail) for page in pages for detail in page["actionExecutionDetails"])


def _action(detail: "ActionExecutionDetailTypeDef") -> ActionRun:
    result = detail.get("output", {}).get("executionResult", {})
    return ActionRun(
        stage=detail["stageName"],
        action=detail["actionName"],
        status=detail["status"],
        external_id=result.get("externalExecutionId", ""),
        error=result.get("errorDetails", {}).get("message", ""),
    )


def connection_arns(aws: Aws, name: str) -> Iterator[tuple[str, str]]:
    """The stages whose actions use a connection, each with the connection's ARN."""
    for stage in aws.codepipeline.get_pipeline(name=name)["pipeline"]["stages"]:
        for action in stage["actions"]:
            if arn := action.get("configuration", {}).get("ConnectionArn", ""):
                yield stage["name"], arn


def _commits(aws: Aws, name: str) -> dict[str, str]:
    """Commits by execution id, newest first; "" if the execution has not fetched its source yet."""
    pages = aws.codepipeline.get_paginator("list_pipeline_executions").paginate(
        pipelineName=name, PaginationConfig={"MaxItems": EXECUTIONS, "PageSize": PAGE}
    )
    return {
        summary["pipelineExecutionId"]: next(
            (source.get("revisionId", "") for source in summary.get("sourceRevisions", ())), ""
        )
        for page in pages
        for summary in page["pipelineExecutionSummaries"]
    }


def _stage(stage: "StageStateTypeDef", commits: Mapping[str, str]) -> StageState:
    latest, actions = stage.get("latestExecution"), stage.get("actionStates", ())
    execution = latest["pipelineExecutionId"] if latest else ""
    changes = (action.get("latestExecution", {}).get("lastStatusChange") for action in actions)
    return StageState(
        name=stage.get("stageName", ""),
        status=latest["status"] if latest else "",
        execution=execution,
        commit=commits.get(execution, ""),
        since=max((change for change in changes if change), default=None),
        error=next(filter(None, map(_error, actions)), ""),
        transition=_transition(stage, commits),
        failed_action=next((action.get("actionName", "") for action in actions if _has_failed(action)), ""),
        approval=next(_approvals(stage.get("stageName", ""), actions, execution, commits), None),
    )


def _transition(stage: "StageStateTypeDef", commits: Mapping[str, str]) -> StageTransition:
    transition, inbound = stage.get("inboundTransitionState", {}), stage.get("inboundExecution")
    return StageTransition(
        enabled=transition.get("enabled", True),
        reason=transition.get("disabledReason", ""),
        by=name_in(transition.get("lastChangedBy", "")),
        since=transition.get("lastChangedAt"),
        waiting=commits.get(inbound["pipelineExecutionId"] if inbound else "", ""),
    )


def _approvals(
    stage: str, actions: "Iterable[ActionStateTypeDef]", execution: str, commits: Mapping[str, str]
) -> Iterator[Approval]:
    """The pending approvals: only approvals have a token, and only while they are pending."""
    for action in actions:
        latest = action.get("latestExecution", {})
        if latest.get("status") == "InProgress" and (token := latest.get("token", "")):
            yield Approval(
                stage=stage,
                action=action.get("actionName", ""),
                token=token,
                execution=execution,
                commit=commits.get(execution, ""),
                since=latest.get("lastStatusChange"),
            )


def _has_failed(action: "ActionStateTypeDef") -> bool:
    return action.get("latestExecution", {}).get("status") == "Failed"


def _error(action: "ActionStateTypeDef") -> str:
    latest = action.get("latestExecution", {})
    if not _has_failed(action):
        return ""
    return latest.get("errorDetails", {}).get("message") or latest.get("summary", "")
