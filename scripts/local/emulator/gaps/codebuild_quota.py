"""A quota of zero builds, which new accounts may have, whatever Service Quotas shows.

StartBuild then fails with AccountLimitExceededException (aws-samples/aws-secure-environment-accelerator #982;
awslabs/landing-zone-accelerator-on-aws #1013). The pipeline's build action fails too, with the message "Error
calling startBuild: … (Service: AWSCodeBuild; Status Code: 400; …)". The quota is set at a path of the
emulator's own (local.emulator.build_quotas).
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
    """Patches moto: StartBuild observes the quota."""
    wrap(CodeBuildResponse, "start_build", _if_it_may)
    hear(PATH, take)


def take(account: str, said: dict[str, Any]) -> None:
    """Sets the quota of concurrent builds in a region; None for no limit."""
    vars(codebuild_backends[account][said["region"]])["quota"] = said["builds"]


def refusal(account: str, region: str) -> str:
    """CodeBuild's message if the quota is 0; "" otherwise: builds take no time here and never overlap."""
    quota = vars(codebuild_backends[account][region]).get("quota")
    return "Cannot have more than 0 builds in queue for the account" if quota == 0 else ""


def _if_it_may(original: Answer) -> Answer:
    def start_build(self: CodeBuildResponse) -> ActionResult:
        if words := refusal(self.current_account, self.region):
            raise JsonRESTError(CODE, words)
        return original(self)

    return start_build
