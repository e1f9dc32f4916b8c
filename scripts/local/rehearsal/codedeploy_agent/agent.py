"""Simulates the CodeDeploy agent of one host: unpacks a revision and runs its hooks.

Each rule names its source in github.com/aws/aws-codedeploy-agent (1.8.1), by default below
lib/instance_agent/plugins/codedeploy/. The agent does not run BlockTraffic and AllowTraffic: CodeDeploy
does, with the load balancer (codedeploy/deployment.py).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from local.rehearsal.codedeploy_agent.appspec import (
    APPSPEC,
    OF_THE_LAST_REVISION,
    AppSpec,
    AppSpecError,
    parse,
)
from local.rehearsal.codedeploy_agent.script import ScriptFailed, ScriptSettings, run_script
from local.rehearsal.codedeploy_agent.script_log import ScriptLog
from slipway.aws.archives import BROKEN, unpack
from slipway.console.errors import SlipwayError

ORDER = (
    *("BeforeBlockTraffic", "BlockTraffic", "AfterBlockTraffic", "ApplicationStop", "DownloadBundle"),
    *("BeforeInstall", "Install", "AfterInstall", "ApplicationStart", "ValidateService"),
    *("BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"),
)
"""The lifecycle events of an in-place deployment behind a load balancer:
docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html"""

SUCCEEDED, FAILED, SKIPPED = "Succeeded", "Failed", "Skipped"


@dataclass(frozen=True, kw_only=True)
class DeploymentSpecification:
    """What CodeDeploy sends to the agent. revision: a zip file, or a directory with its contents."""

    id: str
    application: str
    group: str
    revision: Path
    group_id: str = "dg"
    bucket: str = ""
    key: str = ""
    version: str = ""
    etag: str = ""

    def variables(self, event: str) -> dict[str, str]:
        """The environment variables of a script: hook_executor.rb, initialize and get_s3_envs."""
        names = {
            "LIFECYCLE_EVENT": event,
            "DEPLOYMENT_ID": self.id,
            "APPLICATION_NAME": self.application,
            "DEPLOYMENT_GROUP_NAME": self.group,
            "DEPLOYMENT_GROUP_ID": self.group_id,
        }
        if not self.bucket:
            return names
        return names | {
            "BUNDLE_BUCKET": self.bucket,
            "BUNDLE_KEY": self.key,
            "BUNDLE_VERSION": self.version,
            "BUNDLE_ETAG": self.etag,
        }


class HookFailed(SlipwayError):
    """A lifecycle event failed, and so did the deployment on this host. log: its end, as in the console."""

    def __init__(self, event: str, message: str, log: str) -> None:
        super().__init__(f"{event} failed", why=f"{message}\n{log}".strip(), then="read the script's output")
        self.message, self.log = message, log


async def run_hooks(
    event: str, archive: Path, deployment: DeploymentSpecification, settings: ScriptSettings
) -> str:
    """Runs an event's scripts of an unpacked revision, one after the other; the end of their log.

    Raises HookFailed at the first that fails; the scripts after it do not run (hook_executor.rb, execute).
    The log is ``logs/scripts.log`` beside the unpacked revision.
    """
    log = ScriptLog(archive.parent / "logs" / "scripts.log", settings.on_line)
    try:
        scripts = read_appspec(archive).hooks.get(event, ())
        if scripts:
            log.write(f"LifecycleEvent - {event}")
        for script in scripts:
            await run_script(script, archive, settings, deployment.variables(event), log)
    except (ScriptFailed, AppSpecError) as error:
        raise HookFailed(event, str(error), log.tail()) from error
    return log.tail()


def read_appspec(archive: Path) -> AppSpec:
    """The appspec.yml at the top of an unpacked revision. Raises AppSpecError."""
    path = archive / APPSPEC
    if not path.exists():
        raise AppSpecError(f"the revision has no {path.name} at its top level")
    return parse(path.read_text(encoding="utf-8"))


def check_install(archive: Path) -> None:
    """Raises AppSpecError for misspelt events, which Install is the first to check (validate_app_spec_hooks).

    Raises it for files to copy too: Slipway's revisions have none, and a rehearsal copies none.
    """
    appspec = read_appspec(archive)
    if unknown := appspec.unknown_events():
        raise AppSpecError(f"appspec.yml file contains unknown lifecycle events: {unknown}")
    if appspec.files:
        raise AppSpecError("it has files to copy, which a rehearsal does not support")


@dataclass(frozen=True)
class Agent:
    """The agent of one host, with the revisions that it keeps.

    root: its deployment-root. settings: how its scripts run.
    """

    root: Path
    settings: ScriptSettings

    async def run_event(self, name: str, deployment: DeploymentSpecification) -> str:
        """Runs one event, except the load balancer's; the end of its log. Raises HookFailed."""
        try:
            return await self._do(name, deployment)
        except (AppSpecError, *BROKEN) as error:
            raise HookFailed(name, str(error), "") from error

    async def _do(self, name: str, deployment: DeploymentSpecification) -> str:
        if name == "DownloadBundle":
            self._download(deployment)
        elif name == "Install":
            self._install(deployment)
        elif archive := self._archive_for(name, deployment):
            return await run_hooks(name, archive, deployment, self.settings)
        return ""

    def _folder(self, deployment: DeploymentSpecification) -> Path:
        return self.root / deployment.group_id / deployment.id

    def _archive(self, deployment: DeploymentSpecification) -> Path:
        return self._folder(deployment) / "deployment-archive"

    def _last_install(self, deployment: DeploymentSpecification) -> Path:
        """The file that names the directory of the last deployment that was installed."""
        return self.root / "deployment-instructions" / f"{deployment.group_id}_last_successful_install"

    def _download(self, deployment: DeploymentSpecification) -> None:
        """Unpacks the revision and keeps its file modes: command_executor.rb, DownloadBundle."""
        archive = self._archive(deployment)
        shutil.rmtree(archive, ignore_errors=True)
        if deployment.revision.is_dir():
            shutil.copytree(deployment.revision, archive)
            return
        archive.mkdir(parents=True)
        unpack(deployment.revision, archive)

    def _install(self, deployment: DeploymentSpecification) -> None:
        """Makes this the last installed revision: command_executor.rb, Install.

        That does not depend on its scripts' success: the next deployment runs this revision's
        ApplicationStop.
        """
        check_install(self._archive(deployment))
        last = self._last_install(deployment)
        last.parent.mkdir(parents=True, exist_ok=True)
        last.write_text(str(self._folder(deployment)))

    def _archive_for(self, name: str, deployment: DeploymentSpecification) -> Path | None:
        """The revision whose scripts an event runs; None if that is an earlier one and there is none."""
        if name not in OF_THE_LAST_REVISION:
            return self._archive(deployment)
        last = self._last_install(deployment)
        return Path(last.read_text()) / "deployment-archive" if last.exists() else None
