"""A pipeline's state, its executions and their actions; transitions and approvals.

API_GetPipelineState, API_ListActionExecutions, API_DisableStageTransition, API_EnableStageTransition,
API_PutApprovalResult: moto has none of them. API_ListPipelineExecutions, API_StartPipelineExecution: moto
returns no source revisions and no pages, and reports every execution as succeeded.
"""

import json
from collections.abc import Callable
from typing import Any  # what AWS answers is JSON

from moto.codepipeline.models import CodePipeline
from moto.codepipeline.responses import CodePipelineResponse
from moto.core.exceptions import JsonRESTError
from moto.core.utils import utcnow

from local.emulator.gaps import codepipeline_executions as runs
from local.emulator.gaps.codepipeline_executions import ActionExecution, ExecutionProgress, executions_of
from local.emulator.gaps.patching import add, page, wrap

PAGE = 100
ANSWERS = {"Approved": runs.SUCCEEDED, "Rejected": runs.FAILED}

Answer = Callable[[CodePipelineResponse], str]


def fill() -> None:
    """Patches moto: executions go through the stages; adds the operations on states and approvals."""
    wrap(CodePipelineResponse, "start_pipeline_execution", _that_goes_through_the_stages)
    add(
        CodePipelineResponse,
        get_pipeline_state,
        list_pipeline_executions,
        list_action_executions,
        disable_stage_transition,
        enable_stage_transition,
        put_approval_result,
    )


def _that_goes_through_the_stages(original: Answer) -> Answer:
    def start_pipeline_execution(self: CodePipelineResponse) -> str:
        answered = original(self)
        pipeline = self.codepipeline_backend.pipelines[self._get_param("name")]
        execution = pipeline.executions[json.loads(answered)["pipelineExecutionId"]]
        revisions = [
            {"actionName": revision["actionName"], "revisionId": revision["revisionValue"]}
            for revision in self._get_param("sourceRevisions", [])
        ]
        trigger = {"triggerType": "StartPipelineExecution", "triggerDetail": _who(self)}
        runs.start(pipeline, execution, revisions, trigger)
        return answered

    return start_pipeline_execution


def get_pipeline_state(self: CodePipelineResponse) -> str:
    """The state of every stage."""
    pipeline = _pipeline(self, "name")
    stages = [_stage(pipeline, stage) for stage in pipeline.pipeline["stages"]]
    return json.dumps(
        {
            "pipelineName": pipeline.pipeline["name"],
            "pipelineVersion": pipeline.pipeline["version"],
            "stageStates": stages,
            "created": pipeline._created.timestamp(),
            "updated": pipeline._updated.timestamp(),
        }
    )


def list_pipeline_executions(self: CodePipelineResponse) -> str:
    """A pipeline's executions, newest first, a page at a time."""
    pipeline = _pipeline(self, "pipelineName")
    found = [_summary(pipeline, run) for run in reversed(executions_of(pipeline).runs)]
    return json.dumps(page(self, "pipelineExecutionSummaries", found, self._get_param("maxResults", PAGE)))


def list_action_executions(self: CodePipelineResponse) -> str:
    """The actions of executions, newest first, a page at a time."""
    pipeline = _pipeline(self, "pipelineName")
    wanted = self._get_param("filter", {}).get("pipelineExecutionId")
    actions = [
        _detail(action)
        for run in reversed(executions_of(pipeline).runs.values())
        for action in reversed(run.actions)
        if wanted in (None, action.execution)
    ]
    return json.dumps(page(self, "actionExecutionDetails", actions, self._get_param("maxResults", PAGE)))


def disable_stage_transition(self: CodePipelineResponse) -> str:
    """Disables the transition into a stage."""
    return _set_transition(self, {"enabled": False, "disabledReason": self._get_param("reason")})


def enable_stage_transition(self: CodePipelineResponse) -> str:
    """Enables the transition into a stage; a waiting execution enters it."""
    return _set_transition(self, {"enabled": True})


def put_approval_result(self: CodePipelineResponse) -> str:
    """Answers an approval; the token must be that of the pending one."""
    pipeline = _pipeline(self, "pipelineName")
    stage, name = _stage_name(self, pipeline), self._get_param("actionName")
    run = runs.inside(pipeline, stage)
    action = _action(run, stage, name)
    if run is None or action is None or action.token != self._get_param("token"):
        raise JsonRESTError("InvalidApprovalTokenException", "The approval request has another token.")
    if action.status != runs.RUNNING:
        raise JsonRESTError("ApprovalAlreadyCompletedException", f"{name} has been answered already.")
    result = self._get_param("result")
    runs.answer(run, action, ANSWERS[result["status"]], result["summary"], _who(self))
    runs.go_on(pipeline)
    return json.dumps({"approvedAt": action.changed})


def _pipeline(self: CodePipelineResponse, parameter: str) -> CodePipeline:
    name = self._get_param(parameter)
    self.codepipeline_backend.get_pipeline(name)  # raises PipelineNotFoundException
    return self.codepipeline_backend.pipelines[name]


def _stage_name(self: CodePipelineResponse, pipeline: CodePipeline) -> str:
    name: str = self._get_param("stageName")
    if name not in [stage["name"] for stage in pipeline.pipeline["stages"]]:
        raise JsonRESTError("StageNotFoundException", f"The pipeline has no stage {name}")
    return name


def _set_transition(self: CodePipelineResponse, state: dict[str, Any]) -> str:
    pipeline = _pipeline(self, "pipelineName")
    changed = {"lastChangedBy": _who(self), "lastChangedAt": utcnow().timestamp()}
    executions_of(pipeline).transitions[_stage_name(self, pipeline)] = {**state, **changed}
    runs.go_on(pipeline)
    return ""


def _who(self: CodePipelineResponse) -> str:
    return f"arn:{self.partition}:iam::{self.current_account}:root"


def _summary(pipeline: CodePipeline, id_: str) -> dict[str, Any]:
    run = executions_of(pipeline).runs[id_]
    mode = pipeline.pipeline.get("executionMode", "SUPERSEDED")
    known = {"sourceRevisions": run.revisions, "executionMode": mode, "trigger": run.trigger}
    return {**run.execution.to_summary_dict(), **known}


def _stage(pipeline: CodePipeline, definition: dict[str, Any]) -> dict[str, Any]:
    name = definition["name"]
    transition = executions_of(pipeline).transitions.get(name, {"enabled": True})
    run, waiting = runs.inside(pipeline, name), runs.before(pipeline, name)
    state = {
        "stageName": name,
        "inboundTransitionState": transition,
        "actionStates": [_action_state(run, name, action) for action in definition["actions"]],
    }
    if waiting:
        state |= {"inboundExecution": _execution(waiting), "inboundExecutions": [_execution(waiting)]}
    if run:
        state["latestExecution"] = {**_execution(run), "status": _status(run, definition)}
    return state


def _status(run: ExecutionProgress, definition: dict[str, Any]) -> str:
    """A stage's status: that of its first unfinished action, or Succeeded once all have succeeded."""
    states = [action.status for action in run.actions if action.stage == definition["name"]]
    unfinished = [state for state in states if state != runs.SUCCEEDED]
    if unfinished:
        return unfinished[0]
    return runs.SUCCEEDED if len(states) == len(definition["actions"]) else runs.RUNNING


def _execution(run: ExecutionProgress) -> dict[str, str]:
    return {
        "pipelineExecutionId": run.execution.pipeline_execution_id,
        "status": run.execution.status,
        "type": "STANDARD",
    }


def _action_state(run: ExecutionProgress | None, stage: str, definition: dict[str, Any]) -> dict[str, Any]:
    action = _action(run, stage, definition["name"])
    if action is None:
        return {"actionName": definition["name"]}
    latest = {
        "actionExecutionId": action.id,
        "status": action.status,
        "lastStatusChange": action.changed,
        "summary": action.summary,
        "lastUpdatedBy": action.by,
        "token": action.token if action.status == runs.RUNNING else "",
        "errorDetails": _error(action),
    }
    kept = {key: value for key, value in latest.items() if value not in ("", {})}
    return {"actionName": definition["name"], "latestExecution": kept}


def _error(action: ActionExecution) -> dict[str, str]:
    """The error of a failed action; AWS documents no list of codes."""
    return {"code": "ActionFailed", "message": action.error} if action.error else {}


def _result(action: ActionExecution) -> dict[str, Any]:
    """An action execution's result as AWS returns it (API_ActionExecutionResult)."""
    result = {"externalExecutionId": action.external_id, "errorDetails": _error(action)}
    return {key: value for key, value in result.items() if value}


def _action(run: ExecutionProgress | None, stage: str, name: str) -> ActionExecution | None:
    actions = run.actions if run else []
    found = [action for action in actions if (action.stage, action.definition["name"]) == (stage, name)]
    return found[-1] if found else None


def _detail(action: ActionExecution) -> dict[str, Any]:
    return {
        "pipelineExecutionId": action.execution,
        "actionExecutionId": action.id,
        "stageName": action.stage,
        "actionName": action.definition["name"],
        "startTime": action.started,
        "lastUpdateTime": action.changed,
        "status": action.status,
        "input": {
            "actionTypeId": action.definition["actionTypeId"],
            "configuration": action.definition["configuration"],
        },
        "output": {"executionResult": _result(action)} if _result(action) else {},
    }
