"""Runs a host's first boot: the launch template's user data, with a directory in place of the machine.

The script and the AWS CLI are real. The programs that it installs and starts are replaced by ones that do
nothing and succeed; for a boot that fails, dnf fails.
"""

import asyncio
import base64
import re
from dataclasses import dataclass
from pathlib import Path

from slipway.aws.clients import Aws
from slipway.processes.program import started

QUIET = ("curl", "docker", "sleep", "systemctl")
CONTROL = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"
INSTALLS, FAILS = "exit 0", "echo 'Error: Failed to download packages: no mirror answers' >&2; exit 1"
SECONDS = 300.0  # far more than a boot takes


@dataclass(frozen=True)
class FirstBoot:
    """Boots instances of one Auto Scaling group. environment, group_id: of the programs on the host."""

    aws: Aws
    group: str
    directory: Path
    environment: dict[str, str]
    group_id: int | None = None

    async def boot(self, instance: str, *, well: bool) -> int:
        """Runs an instance's user data; its exit code. well: whether dnf succeeds."""
        script = await asyncio.to_thread(self._user_data)
        root = self.directory / instance
        _furnish(root, instance, INSTALLS if well else FAILS)
        with (root / "var/log/cloud-init-output.log").open("wb") as output:
            async with (
                asyncio.timeout(SECONDS),
                started(
                    *("bash", "-c", _below(root, script)),
                    env={**self.environment, "PATH": f"{root / 'bin'}:{self.environment['PATH']}"},
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    group=self.group_id,
                ) as process,
            ):
                return await process.wait()

    def output(self, instance: str) -> str:
        """What the boot printed: cloud-init-output.log."""
        return (self.directory / instance / "var/log/cloud-init-output.log").read_text("utf-8", "replace")

    def _user_data(self) -> str:
        (group,) = self.aws.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.group])[
            "AutoScalingGroups"
        ]
        template = group["LaunchTemplate"]
        (version,) = self.aws.ec2.describe_launch_template_versions(
            LaunchTemplateId=template["LaunchTemplateId"], Versions=[template["Version"]]
        )["LaunchTemplateVersions"]
        return base64.b64decode(version["LaunchTemplateData"]["UserData"]).decode()


def newest_launch(aws: Aws, group: str) -> tuple[str, str]:
    """The instance that a group launched last, and the status code of that launch."""
    aws.autoscaling.describe_auto_scaling_groups(
        AutoScalingGroupNames=[group]
    )  # the emulated group advances when it is read
    activity = aws.autoscaling.describe_scaling_activities(AutoScalingGroupName=group)["Activities"][0]
    found = re.search(r"\bi-[0-9a-f]+", activity["Description"])
    return found[0] if found else "", activity["StatusCode"]


def _furnish(root: Path, instance: str, dnf: str) -> None:
    for directory in ("bin", "tmp", "etc", "var/log", "var/lib/cloud/data"):
        (root / directory).mkdir(parents=True)
    (root / "var/lib/cloud/data/instance-id").write_text(f"{instance}\n")
    for program in (*QUIET, "dnf", CONTROL.lstrip("/")):
        path = root / program if "/" in program else root / "bin" / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{dnf if program == 'dnf' else 'exit 0'}\n")
        path.chmod(0o755)


def _below(root: Path, script: str) -> str:
    """The script with the host's paths moved below a directory."""
    return re.sub(r"(?<![\w.])(/(?:etc|opt|tmp|var)/)", rf"{root}\1", script)
