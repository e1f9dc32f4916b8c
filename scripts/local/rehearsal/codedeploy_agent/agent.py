"""CodeDeploy's agent on one host: unpacks a revision, and runs its hooks as the agent runs them.

Each rule names its source in github.com/aws/aws-codedeploy-agent (1.8.1), below
lib/instance_agent/plugins/codedeploy/ where nothing else is said. BlockTraffic and AllowTraffic are not
the agent's: whoever plays CodeDeploy tells the load balancer (codedeploy/deployment.py).
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
"""Of a deployment in place behind a load balancer:
docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html"""

SUCCEEDED, FAILED, SKIPPED = "Succeeded", "Failed", "Skipped"


@dataclass(frozen=True, kw_only=True)
class DeploymentSpecification:
    """What CodeDeploy tells the agent. revision: the zip, or what it unpacks to."""

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
        """What a script finds in its environment: hook_executor.rb, initialize; get_s3_envs."""
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
    """An event failed, and with it the deployment on this host. log: its end, as the console shows it."""

    def __init__(self, event: str, message: str, log: str) -> None:
        super().__init__(f"{event} failed", why=f"{message}\n{log}".strip(), then="see what the script said")
        self.message, self.log = message, log


async def run_hooks(
    event: str, archive: Path, deployment: DeploymentSpecification, settings: ScriptSettings
) -> str:
    """Run an event's scripts of an unpacked revision, one after the other; the end of their log.

    HookFailed at the first that fails: those after it do not run (hook_executor.rb, execute). The
    log is ``logs/scripts.log`` beside the unpacked revision.
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
    """The appspec.yml of an unpacked revision, at its top."""
    path = archive / APPSPEC
    if not path.exists():
        raise AppSpecError(f"there is no {path.name} at the top of the revision")
    return parse(path.read_text(encoding="utf-8"))


def check_install(archive: Path) -> None:
    """What Install refuses: misspelt events, which nothing looks for earlier (validate_app_spec_hooks).

    AppSpecError too for files to copy: those of the service have none, and none are copied here.
    """
    appspec = read_appspec(archive)
    if unknown := appspec.unknown_events():
        raise AppSpecError(f"appspec.yml file contains unknown lifecycle events: {unknown}")
    if appspec.files:
        raise AppSpecError("it names files to copy, which is not rehearsed")


@dataclass(frozen=True)
class Agent:
    """The agent of one host, with the revisions that it keeps.

    root: its deployment-root. settings: how its scripts run. traffic: what BlockTraffic and
    AllowTraffic do. Default: nothing.
    """

    root: Path
    settings: ScriptSettings

    async def run_event(self, name: str, deployment: DeploymentSpecification) -> str:
        """Runs one event that is not the load balancer's; the end of its log. HookFailed if it fails."""
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
        """The file that names the folder of the deployment that was installed last."""
        return self.root / "deployment-instructions" / f"{deployment.group_id}_last_successful_install"

    def _download(self, deployment: DeploymentSpecification) -> None:
        """Unpack the revision, with the modes that it has: command_executor.rb, DownloadBundle."""
        archive = self._archive(deployment)
        shutil.rmtree(archive, ignore_errors=True)
        if deployment.revision.is_dir():
            shutil.copytree(deployment.revision, archive)
            return
        archive.mkdir(parents=True)
        unpack(deployment.revision, archive)

    def _install(self, deployment: DeploymentSpecification) -> None:
        """From here on this is the last revision that was installed: command_executor.rb, Install.

        Whether its scripts succeed or not: its ApplicationStop is what the next deployment runs.
        """
        check_install(self._archive(deployment))
        last = self._last_install(deployment)
        last.parent.mkdir(parents=True, exist_ok=True)
        last.write_text(str(self._folder(deployment)))

    def _archive_for(self, name: str, deployment: DeploymentSpecification) -> Path | None:
        """The revision whose scripts an event runs; none if there was no deployment before."""
        if name not in OF_THE_LAST_REVISION:
            return self._archive(deployment)
        last = self._last_install(deployment)
        return Path(last.read_text()) / "deployment-archive" if last.exists() else None
