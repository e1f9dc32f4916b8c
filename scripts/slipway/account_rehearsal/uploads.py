"""Releases of a rehearsal in an account: an archive is uploaded, and the pipeline builds and deploys it.

Their results are read from AWS only: the metadata of the object's versions names the release, the pipeline's
executions have the result of each version, and the deployment's revision has the commit.
"""

from dataclasses import dataclass

from slipway.account_rehearsal.archive import archive
from slipway.account_rehearsal.sandbox import Sandbox
from slipway.aws import codedeploy, sources
from slipway.aws.codedeploy import Deployment
from slipway.aws.codepipeline import actions_of, execution_of

MINUTES = 45
"""For a build, a deployment to two hosts that have just started, and its rollback."""
RUNNING = ("InProgress", "Stopping")


@dataclass(frozen=True, kw_only=True)
class UploadedRelease:
    """The result of an uploaded release. status: of its pipeline execution, "" if there is none yet.

    doing: the action in progress, or that failed. error: AWS's message. commit: the build's name for it.
    """

    status: str = ""
    doing: str = ""
    error: str = ""
    deployment: Deployment | None = None
    commit: str = ""

    @property
    def waits(self) -> str:
        """What is in progress, for the user; "" if the execution has ended."""
        if not self.status:
            return "uploaded; waiting for the pipeline to start"
        if self.status in RUNNING:
            hosts = self.deployment.targets if self.deployment else ()
            done = sum(host.status == codedeploy.SUCCEEDED for host in hosts)
            of = f" {self.deployment.id}: {done} of {len(hosts)} hosts" if self.deployment and hosts else ""
            return f"the pipeline runs {self.doing or 'its source'}{of}"
        return ""


def find(sandbox: Sandbox, release: str) -> UploadedRelease | None:
    """The result of the newest upload of a release; None if there is none."""
    names, aws = sandbox.project.names, sandbox.aws
    source = sandbox.project.settings.source.s3
    assert source  # every rehearsal's source is S3
    uploaded = sources.versions(aws, names.artifact_bucket, source.key)
    version = next((version.id for version in uploaded if version.release == release), None)
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
    """Wait for a release's result. Uploads it, unless an upload of it is still in progress."""
    before = find(sandbox, release)
    if before is None or not before.waits:
        upload(sandbox, release)
    sandbox.waiting.until(
        lambda: (find(sandbox, release) or UploadedRelease()).waits,
        MINUTES,
        then="look at the pipeline in AWS's console, then run this command again: it continues here",
    )
    return find(sandbox, release) or UploadedRelease()
