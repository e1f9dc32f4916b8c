"""Build projects of pipelines, and changes to projects.

API_ProjectSource, API_ProjectArtifacts: type CODEPIPELINE has no location; moto requires one.
API_CreateProject: moto drops the encryption key, the limits and everything secondary.
API_DeleteProject: accepts an ARN too, which Terraform sends; moto then deletes nothing.
API_UpdateProject: changes the given fields and leaves the others; moto does not have it.
"""

from collections.abc import Callable
from typing import Any  # a project is JSON

from moto.codebuild import responses
from moto.codebuild.exceptions import ResourceNotFoundException
from moto.codebuild.models import CodeBuildBackend
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult
from moto.core.utils import unix_time

from local.emulator.gaps.patching import add, wrap

WITHOUT_LOCATION = ("CODEPIPELINE", "NO_SOURCE")
FIELDS = (
    "description",
    "source",
    "secondarySources",
    "sourceVersion",
    "secondarySourceVersions",
    "artifacts",
    "secondaryArtifacts",
    "cache",
    "environment",
    "serviceRole",
    "timeoutInMinutes",
    "queuedTimeoutInMinutes",
    "encryptionKey",
    "tags",
    "vpcConfig",
    "logsConfig",
    "fileSystemLocations",
    "buildBatchConfig",
    "concurrentBuildLimit",
    "autoRetryLimit",
)

Validate = Callable[[dict[str, Any]], None]
Delete = Callable[[CodeBuildBackend, str], None]
Create = Callable[[CodeBuildResponse], ActionResult]


def fill() -> None:
    """Patches moto's projects."""
    wrap(responses, "_validate_required_params_source", _location_where_needed)
    wrap(responses, "_validate_required_params_artifacts", _location_where_needed)
    wrap(CodeBuildResponse, "create_project", _with_every_field)
    wrap(CodeBuildBackend, "delete_project", _by_name_or_arn)
    add(CodeBuildResponse, update_project)


def _by_name_or_arn(original: Delete) -> Delete:
    def delete_project(self: CodeBuildBackend, project_name: str) -> None:
        original(self, project_name.rpartition("/")[2])

    return delete_project


def _location_where_needed(original: Validate) -> Validate:
    def validate(part: dict[str, Any]) -> None:
        if part["type"] not in WITHOUT_LOCATION:
            original(part)

    return validate


def _with_every_field(original: Create) -> Create:
    def create_project(self: CodeBuildResponse) -> ActionResult:
        original(self)
        return update_project(self)

    return create_project


def update_project(self: CodeBuildResponse) -> ActionResult:
    """Changes the given fields and leaves the others."""
    name: str = self._get_param("name")
    project = self.codebuild_backend.codebuild_projects.get(name)
    if project is None:
        raise ResourceNotFoundException(f"Project cannot be found: {name}")
    given = {field: self._get_param(field) for field in FIELDS}
    project.project_metadata.update({field: value for field, value in given.items() if value is not None})
    project.project_metadata["lastModifiedDate"] = unix_time()
    return ActionResult({"project": project.project_metadata})
