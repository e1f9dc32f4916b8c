"""The pipeline's way into an environment: whether it is open, and what waits there for an answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from modules.config.names import Names
from slipway.aws.errors import code_of
from slipway.aws.requests import Approval
from slipway.aws.who import name_in
from slipway.console.errors import SlipwayError
from slipway.releases.executions import commits

if TYPE_CHECKING:
    from mypy_boto3_codepipeline.client import CodePipelineClient
    from mypy_boto3_codepipeline.type_defs import ActionStateTypeDef, StageStateTypeDef


class NoWayError(SlipwayError):
    """There is no pipeline, or no such stage in it."""


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """The way into an environment. waiting: the commit that waits before it, "" if none does.

    there: whether there is a pipeline at all, with this stage.
    """

    open: bool
    there: bool = True
    reason: str = ""
    by: str = ""
    since: datetime | None = None
    waiting: str = ""
    approval: Approval | None = None


def read(codepipeline: "CodePipelineClient", names: Names, environment: str) -> WayIn:
    """The way as it is now. Raises NoWayError if there is no pipeline, or not this stage in it."""
    ways = read_all(codepipeline, names)
    if environment not in ways:
        raise NoWayError(
            f"the pipeline {names.delivery_pipeline} has no stage {environment}",
            then=f"apply {names.delivery_stack}, which adds it",
        )
    return ways[environment]


def read_if_there(codepipeline: "CodePipelineClient", names: Names, environment: str) -> WayIn:
    """The same for who can do without: where nothing leads in, nothing is open."""
    try:
        return read(codepipeline, names, environment)
    except NoWayError:
        return WayIn(open=False, there=False)


def read_all(codepipeline: "CodePipelineClient", names: Names) -> dict[str, WayIn]:
    """The ways into every stage, by its name, in their order."""
    try:
        state = codepipeline.get_pipeline_state(name=names.delivery_pipeline)
    except ClientError as error:
        if code_of(error) == "PipelineNotFoundException":
            raise NoWayError(
                f"there is no pipeline {names.delivery_pipeline} yet",
                then=f"apply {names.delivery_stack}: cdktf deploy {names.delivery_stack}",
            ) from error
        raise
    known = commits(codepipeline, names.delivery_pipeline)
    return {each.get("stageName", ""): _parse(each, known) for each in state["stageStates"]}


def _parse(stage: "StageStateTypeDef", known: Mapping[str, str]) -> WayIn:
    transition = stage.get("inboundTransitionState", {})
    inbound = stage.get("inboundExecution")
    waiting = inbound["pipelineExecutionId"] if inbound else ""
    return WayIn(
        open=transition.get("enabled", True),
        reason=transition.get("disabledReason", ""),
        by=name_in(transition.get("lastChangedBy", "")),
        since=transition.get("lastChangedAt"),
        waiting=known.get(waiting, ""),
        approval=next(_approvals(stage, known), None),
    )


def _approvals(stage: "StageStateTypeDef", known: Mapping[str, str]) -> "Iterator[Approval]":
    """Only approvals have a token, and only while they wait."""
    latest = stage.get("latestExecution")
    execution = latest["pipelineExecutionId"] if latest else ""
    for action in stage.get("actionStates", ()):
        if token := _token(action):
            yield Approval(
                stage=stage.get("stageName", ""),
                action=action.get("actionName", ""),
                token=token,
                execution=execution,
                commit=known.get(execution, ""),
            )


def _token(action: "ActionStateTypeDef") -> str:
    execution = action.get("latestExecution", {})
    return execution.get("token", "") if execution.get("status") == "InProgress" else ""
