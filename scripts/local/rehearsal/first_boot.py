"""A host's first boot: the user data of the launch template, run whole, on a machine that is a directory.

The script and the AWS CLI are the real ones. What it installs and starts is not: each such program does what
it is told and says nothing, or, for a boot that fails, a package's does not.
"""

import asyncio
import base64
import re
from dataclasses import dataclass
from pathlib import Path

from slipway.aws.clients import Aws

QUIET = ("curl", "docker", "sleep", "systemctl")
CONTROL = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"
INSTALLS, FAILS = "exit 0", "echo 'Error: Failed to download packages: no mirror answers' >&2; exit 1"
SECONDS = 300.0  # far more than it takes


@dataclass(frozen=True)
class FirstBoot:
    """Boots instances of one Auto Scaling group. environment: that a host's programs run with."""

    aws: Aws
    group: str
    directory: Path
    environment: dict[str, str]

    async def boot(self, instance: str, *, well: bool) -> int:
        """The exit code of an instance's user data; with a mirror that answers, or with none."""
        script = await asyncio.to_thread(self._user_data)
        root = self.directory / instance
        _furnish(root, instance, INSTALLS if well else FAILS)
        with (root / "var/log/cloud-init-output.log").open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *("bash", "-c", _below(root, script)),
                env={**self.environment, "PATH": f"{root / 'bin'}:{self.environment['PATH']}"},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            try:
                async with asyncio.timeout(SECONDS):
                    return await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    def output(self, instance: str) -> str:
        """What it has printed."""
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
    """The instance that a group has launched last, and how its launch goes."""
    aws.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])  # the emulated one moves on
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
    """The script with the host's files below a directory of its own."""
    return re.sub(r"(?<![\w.])(/(?:etc|opt|tmp|var)/)", rf"{root}\1", script)
