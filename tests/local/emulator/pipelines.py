"""A pipeline of a source and a build, for tests of what starts one."""

from typing import Any

from slipway.aws.clients import Aws
from tests.local.emulator.clients import Clients
from tests.local.emulator.roles import role


def definition(aws: Clients | Aws, name: str, connection: str, **more: object) -> dict[str, Any]:
    """A pipeline of a source and a build, on a repository of its name."""
    source = {
        "name": "Source",
        "actionTypeId": kind("Source", "CodeStarSourceConnection"),
        "configuration": {
            "ConnectionArn": connection,
            "FullRepositoryId": f"example/{name}",
            "BranchName": "main",
        },
        "outputArtifacts": [{"name": "source"}],
        "runOrder": 1,
    }
    build = {
        "name": "Build",
        "actionTypeId": kind("Build", "CodeBuild"),
        "configuration": {"ProjectName": name},
        "inputArtifacts": [{"name": "source"}],
        "runOrder": 1,
    }
    return {
        "name": name,
        "roleArn": role(aws, "pipeline", "codepipeline"),
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "stages": [{"name": "Source", "actions": [source]}, {"name": "Build", "actions": [build]}],
        **more,
    }


def kind(category: str, provider: str) -> dict[str, str]:
    return {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
