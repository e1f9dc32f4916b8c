"""The pipeline's stages, and what it waits for: an approval, a connection, or a disabled transition."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from slipway.aws import connections
from slipway.aws.errors import code_of
from slipway.releases.executions import commits
from slipway.status.model import Pipeline, Stage, Wait

if TYPE_CHECKING:
    from mypy_boto3_codepipeline.client import CodePipelineClient
    from mypy_boto3_codepipeline.type_defs import (
        ActionDeclarationOutputTypeDef,
        ActionStateTypeDef,
        GetPipelineStateOutputTypeDef,
        PipelineDeclarationOutputTypeDef,
        StageDeclarationOutputTypeDef,
        StageStateTypeDef,
    )

ConnectionStatus = Callable[[str], str]


def read(codepipeline: "CodePipelineClient", name: str, status_of: ConnectionStatus, region: str) -> Pipeline:
    """The pipeline as it is now. status_of: the status of a connection, by its ARN."""
    try:
        definition = codepipeline.get_pipeline(name=name)["pipeline"]
    except ClientError as error:
        if code_of(error) == "PipelineNotFoundException":
            return Pipeline(name=name, applied=False, stages=(), waits=())
        raise
    of = commits(codepipeline, name)
    state = codepipeline.get_pipeline_state(name=name)
    return Pipeline(
        name=name,
        applied=True,
        stages=tuple(_stage(each, of) for each in state["stageStates"]),
        waits=(*_connection(definition, status_of, region), *_waits(definition, state)),
    )


def _stage(state: "StageStateTypeDef", of: Mapping[str, str]) -> Stage:
    execution = state.get("latestExecution")
    current = execution["pipelineExecutionId"] if execution else ""
    return Stage(
        name=state.get("stageName", ""),
        status=execution["status"] if execution else "",
        commit=of.get(current, ""),
        execution=current,
        since=_changed(state),
        error=next(_errors(state), ""),
    )


def _changed(state: "StageStateTypeDef") -> datetime | None:
    changes = (
        each.get("latestExecution", {}).get("lastStatusChange") for each in state.get("actionStates", ())
    )
    return max((each for each in changes if each), default=None)


def _errors(state: "StageStateTypeDef") -> Iterator[str]:
    for each in state.get("actionStates", ()):
        execution = each.get("latestExecution", {})
        if execution.get("status") == "Failed":
            yield execution.get("errorDetails", {}).get("message") or execution.get("summary", "")


def _connection(
    definition: "PipelineDeclarationOutputTypeDef", status_of: ConnectionStatus, region: str
) -> Iterator[Wait]:
    for stage in definition["stages"]:
        for action in stage["actions"]:
            arn = action.get("configuration", {}).get("ConnectionArn", "")
            if arn and status_of(arn) == connections.PENDING:
                yield Wait(
                    stage=stage["name"],
                    kind="connection",
                    why="its connection is PENDING: a person has to complete it once",
                    since=None,
                    then=connections.completing(region),
                )


def _waits(
    definition: "PipelineDeclarationOutputTypeDef", state: "GetPipelineStateOutputTypeDef"
) -> Iterator[Wait]:
    declared = {stage["name"]: stage for stage in definition["stages"]}
    for stage in state["stageStates"]:
        name = stage.get("stageName", "")
        yield from _transition(name, stage)
        if name in declared:
            yield from _approvals(declared[name], stage)


def _transition(name: str, stage: "StageStateTypeDef") -> Iterator[Wait]:
    transition = stage.get("inboundTransitionState", {})
    if transition.get("enabled", True):
        return
    by = re.split("[/:]", transition.get("lastChangedBy", ""))[-1]  # the last of an ARN: who, or root
    reason = transition.get("disabledReason", "") or "no reason was given"
    yield Wait(
        stage=name,
        kind="transition",
        why=f"releases into it are paused{f' by {by}' if by else ''}: {reason}",
        since=transition.get("lastChangedAt"),
        then=f"slipway resume --env {name}",
    )


def _approvals(declared: "StageDeclarationOutputTypeDef", stage: "StageStateTypeDef") -> Iterator[Wait]:
    states = {each.get("actionName", ""): each for each in stage.get("actionStates", ())}
    for action in declared["actions"]:
        if _is_pending(action, states.get(action["name"], {})):
            execution = states[action["name"]].get("latestExecution", {})
            yield Wait(
                stage=declared["name"],
                kind="approval",
                why="a person has to let this release in",
                since=execution.get("lastStatusChange"),
                then=f"slipway approve --env {declared['name']}",
            )


def _is_pending(action: "ActionDeclarationOutputTypeDef", state: "ActionStateTypeDef") -> bool:
    execution = state.get("latestExecution", {})
    return action["actionTypeId"]["category"] == "Approval" and execution.get("status") == "InProgress"
