"""An account that may have no builds, as new ones often may not, whatever Service Quotas shows.

StartBuild then ends with AccountLimitExceededException (aws-samples/aws-secure-environment-accelerator #982;
awslabs/landing-zone-accelerator-on-aws #1013), and so does the pipeline's build action, whose words AWS puts
together as in "Error calling startBuild: … (Service: AWSCodeBuild; Status Code: 400; …)". It is told to the
emulator at a path of its own (local.emulator.build_quotas).
"""

from collections.abc import Callable
from typing import Any  # what is said is JSON

from moto.codebuild.models import codebuild_backends
from moto.codebuild.responses import CodeBuildResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult

from local.emulator.build_quotas import PATH
from local.emulator.gaps.patching import hear, wrap

CODE = "AccountLimitExceededException"
Answer = Callable[[CodeBuildResponse], ActionResult]


def fill() -> None:
    """Adds it to moto."""
    wrap(CodeBuildResponse, "start_build", _if_it_may)
    hear(PATH, take)


def take(account: str, said: dict[str, Any]) -> None:
    """From now on a region may have so many builds at once; None for any number."""
    vars(codebuild_backends[account][said["region"]])["quota"] = said["builds"]


def refusal(account: str, region: str) -> str:
    """What CodeBuild says where no build may begin; empty where one may: builds take no time here."""
    quota = vars(codebuild_backends[account][region]).get("quota")
    return "Cannot have more than 0 builds in queue for the account" if quota == 0 else ""


def _if_it_may(original: Answer) -> Answer:
    def start_build(self: CodeBuildResponse) -> ActionResult:
        if words := refusal(self.current_account, self.region):
            raise JsonRESTError(CODE, words)
        return original(self)

    return start_build
