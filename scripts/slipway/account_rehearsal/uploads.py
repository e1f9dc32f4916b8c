"""Releases of a rehearsal in an account: an archive is uploaded, the pipeline builds and deploys it.

What became of one is asked of AWS alone: the object's versions say which release each is, the pipeline's
executions what became of a version, the deployment which commit the build made of it.
"""

from dataclasses import dataclass

from slipway.account_rehearsal.archive import archive
from slipway.account_rehearsal.sandbox import Sandbox
from slipway.aws import codedeploy, sources
from slipway.aws.codedeploy import Deployment
from slipway.aws.codepipeline import actions_of, execution_of

MINUTES = 45
"""A build, a deployment to two hosts that are just starting, and one that undoes it."""
RUNNING = ("InProgress", "Stopping")


@dataclass(frozen=True, kw_only=True)
class UploadedRelease:
    """What became of an uploaded release. status: of its execution, "" before there is one.

    doing: the action that runs, or that failed. error: why, in AWS's words. commit: what the build called it.
    """

    status: str = ""
    doing: str = ""
    error: str = ""
    deployment: Deployment | None = None
    commit: str = ""

    @property
    def waits(self) -> str:
        """What it still waits for, in words; "" if nothing more comes of it."""
        if not self.status:
            return "uploaded; waiting for the pipeline to start"
        if self.status in RUNNING:
            hosts = self.deployment.targets if self.deployment else ()
            done = sum(host.status == codedeploy.SUCCEEDED for host in hosts)
            of = f" {self.deployment.id}: {done} of {len(hosts)} hosts" if self.deployment and hosts else ""
            return f"the pipeline is at {self.doing or 'its source'}{of}"
        return ""


def find(sandbox: Sandbox, release: str) -> UploadedRelease | None:
    """What became of the newest upload of a release; None if there is none."""
    names, aws = sandbox.project.names, sandbox.aws
    source = sandbox.project.settings.source.s3
    assert source  # every rehearsal's source is S3
    uploaded = sources.versions(aws, names.artifact_bucket, source.key)
    version = next((each.id for each in uploaded if each.release == release), None)
    if version is None:
        return None
    execution = execution_of(aws, names.delivery_pipeline, version)
    if execution is None:
        return UploadedRelease()
    actions = actions_of(aws, names.delivery_pipeline, execution.id)
    last = next((action for action in actions if action.status != "Succeeded"), None)
    made = next(
        (action.external_id for action in actions if action.stage == sandbox.environment.environment), ""
    )
    deployment = codedeploy.deployment(aws, made) if made else None
    image = sandbox.shipped.read(deployment.revision) if deployment and deployment.revision else None
    return UploadedRelease(
        status=execution.status,
        doing=f"{last.stage}/{last.action}" if last else "",
        error=last.error if last else "",
        deployment=deployment,
        commit=image.commit if image else "",
    )


def upload(sandbox: Sandbox, release: str) -> None:
    """Upload a release, which starts the pipeline."""
    source = sandbox.project.settings.source.s3
    assert source  # every rehearsal's source is S3
    content = archive(sandbox.project.root, release)
    sources.upload(sandbox.aws, sandbox.project.names.artifact_bucket, source.key, content, release=release)


def released(sandbox: Sandbox, release: str) -> UploadedRelease:
    """What became of a release, once nothing more comes of it; one that waits for nothing is uploaded."""
    before = find(sandbox, release)
    if before is None or not before.waits:
        upload(sandbox, release)
    sandbox.waiting.until(
        lambda: (find(sandbox, release) or UploadedRelease()).waits,
        MINUTES,
        then="look at the pipeline in AWS's console, then run this again: it goes on from here",
    )
    return find(sandbox, release) or UploadedRelease()
