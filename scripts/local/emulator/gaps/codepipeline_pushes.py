"""Pushes that start pipelines, and pipelines that no push starts.

AWS accepts a pipeline whose connection is PENDING. Pushes may then start nothing, even after the handshake,
until the pipeline is edited and saved, or created again (pulumi/pulumi-aws #2167; aws-ia/terraform-aws-
control_tower_account_factory #589). In the emulator they never do. Pushes are reported at a path beside AWS's
own (local.emulator.pushes). Triggers: codepipeline/latest/userguide, pipelines-triggers and syntax-glob.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any  # a pipeline's definition is JSON

from moto.codepipeline.models import CodePipeline, CodePipelineBackend, codepipeline_backends

from local.emulator.gaps import codepipeline_executions as runs
from local.emulator.gaps.connections import AVAILABLE, connections_of
from local.emulator.gaps.patching import hear, wrap
from local.emulator.pushes import PATH

PROVIDER = "CodeStarSourceConnection"
WEBHOOK = "WebhookV2"
HEARS = "hears_of_pushes"
Made = Callable[..., Any]


def fill() -> None:
    """Patches moto's pipelines and serves the path for pushes."""
    wrap(CodePipelineBackend, "create_pipeline", _told_if_connected)
    wrap(CodePipelineBackend, "update_pipeline", _told_if_connected)
    hear(PATH, take)


def take(account: str, said: dict[str, Any]) -> dict[str, str]:
    """Receives a push; the ids of the executions that it starts, by pipeline."""
    backend = codepipeline_backends[account][said["region"]]
    return {
        name: _start(backend, pipeline, source["name"], said["commit"])
        for name, pipeline in backend.pipelines.items()
        for source in _sources(pipeline.pipeline)
        if vars(pipeline).get(HEARS) and _is_meant(pipeline.pipeline, source, said)
    }


def _told_if_connected(original: Made) -> Made:
    def save(self: CodePipelineBackend, pipeline: dict[str, Any], *others: object) -> Any:  # noqa: ANN401 - moto's
        saved = original(self, pipeline, *others)
        connections = connections_of(self.account_id).connections
        named = [source.get("configuration", {}).get("ConnectionArn", "") for source in _sources(pipeline)]
        states = [connections.get(connection, {}).get("ConnectionStatus") for connection in named]
        vars(self.pipelines[pipeline["name"]])[HEARS] = set(states) == {AVAILABLE}
        return saved

    return save


def _sources(pipeline: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for stage in pipeline["stages"]:
        yield from (action for action in stage["actions"] if action["actionTypeId"]["provider"] == PROVIDER)


def _is_meant(pipeline: dict[str, Any], source: dict[str, Any], said: dict[str, Any]) -> bool:
    """Whether a push is to the source's repository and passes its triggers or is to its branch."""
    configuration = source.get("configuration", {})
    if configuration.get("FullRepositoryId") != said["repository"]:
        return False
    filters = [
        push
        for trigger in pipeline.get("triggers") or []
        for push in trigger["gitConfiguration"].get("push", [])
        if trigger["gitConfiguration"]["sourceActionName"] == source["name"]
    ]
    if not filters:
        detects = configuration.get("DetectChanges", "true") == "true"
        return detects and bool(configuration.get("BranchName") == said["branch"])
    return any(
        _lets(push.get("branches"), [said["branch"]]) and _lets(push.get("filePaths"), said["files"])
        for push in filters
    )


def _lets(criteria: dict[str, list[str]] | None, found: Sequence[str]) -> bool:
    """Whether a filter accepts any of these: included, if it has includes, and not excluded."""
    includes, excludes = (criteria or {}).get("includes"), (criteria or {}).get("excludes")
    return any(
        (not includes or any(_matches(pattern, path) for pattern in includes))
        and not any(_matches(pattern, path) for pattern in excludes or [])
        for path in found
    )


def _matches(pattern: str, text: str) -> bool:
    """Whether a text matches CodePipeline's glob: ``*`` does not match ``/``, ``**`` does."""
    parts = re.split(r"(\*\*|\*|\?)", pattern)
    meaning = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.fullmatch("".join(meaning.get(part) or re.escape(part) for part in parts), text) is not None


def _start(backend: CodePipelineBackend, pipeline: CodePipeline, source: str, commit: str) -> str:
    id_ = backend.start_pipeline_execution(pipeline.pipeline["name"], None)
    revisions = [{"actionName": source, "revisionId": commit}]
    trigger = {"triggerType": WEBHOOK, "triggerDetail": "refs"}
    runs.start(pipeline, pipeline.executions[id_], revisions, trigger)
    return id_
