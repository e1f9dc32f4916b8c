"""Reads the pipeline's stages, and what it waits for: approval, connection or disabled transition."""

from collections.abc import Iterator

from modules.config.names import Names
from slipway.aws import connections, quotas
from slipway.aws.clients import Aws
from slipway.aws.codepipeline import COMMAND, StageState, connection_arns, pipeline_state
from slipway.console.shell import command_line
from slipway.status.model import PipelineStatus, PipelineWait, StageStatus


def read(aws: Aws, names: Names) -> PipelineStatus:
    """Read the current status of the pipeline."""
    name = names.delivery_pipeline
    state = pipeline_state(aws, name)
    if state is None:
        return PipelineStatus(name=name, applied=False, stages=(), waits=())
    return PipelineStatus(
        name=name,
        applied=True,
        stages=tuple(
            StageStatus(
                name=stage.name,
                status=stage.status,
                commit=stage.commit,
                execution=stage.execution,
                since=stage.since,
                error=stage.error,
                then=_cure(stage, names),
            )
            for stage in state.stages.values()
        ),
        waits=(
            *_connections(aws, name),
            *(wait for stage in state.stages.values() for wait in _waits(stage)),
        ),
    )


def _cure(stage: StageState, names: Names) -> str:
    if quotas.refuses_builds(stage.error):
        return quotas.more_builds(names.pipeline.app.architecture)
    if stage.failed_action == COMMAND:
        return command_line("slipway", "logs", "--env", stage.name, "--source", "run", "--since", "1d")
    return ""


def _connections(aws: Aws, name: str) -> Iterator[PipelineWait]:
    for stage, arn in connection_arns(aws, name):
        if connections.status(aws, arn) == connections.PENDING:
            yield PipelineWait(
                stage=stage,
                kind="connection",
                why="its connection is PENDING until it is completed in the console, once",
                since=None,
                then=connections.completing(aws.region),
            )


def _waits(stage: StageState) -> Iterator[PipelineWait]:
    transition = stage.transition
    if not transition.enabled:
        by = f" by {transition.by}" if transition.by else ""
        yield PipelineWait(
            stage=stage.name,
            kind="transition",
            why=f"releases are paused{by}: {transition.reason or 'no reason was given'}",
            since=transition.since,
            then=command_line("slipway", "resume", "--env", stage.name),
        )
    if stage.approval:
        yield PipelineWait(
            stage=stage.name,
            kind="approval",
            why="this release needs an approval",
            since=stage.approval.since,
            then=command_line("slipway", "approve", "--env", stage.name),
        )
