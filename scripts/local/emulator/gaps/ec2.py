"""Launch templates that read back as created and launch from every version; detailed monitoring.

API_CreateLaunchTemplate: a template's own tags are not part of its versions' data. moto adds them there, so
that no plan is ever empty.
API_CreateLaunchTemplateVersion: moto stores the user data of a second version in a form with which its Auto
Scaling groups fail on an assertion when they launch.
API_MonitorInstances: moto does not have it, and Terraform waits forever with ``monitoring = true``.
API_GetEbsDefaultKmsKeyId: moto does not have it; an account that never chose a key uses AWS's own.
"""

from collections.abc import Callable, MutableMapping
from typing import Any  # what moto's parser makes of a request has no narrower type

from moto.core.responses import ActionResult
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion
from moto.ec2.responses.monitoring import Monitoring
from moto.ec2.utils import parse_user_data

from local.emulator.gaps.patching import add, wrap

CreateVersion = Callable[[LaunchTemplate, MutableMapping[str, Any], str], LaunchTemplateVersion]


def fill() -> None:
    """Patches moto's launch templates, and adds the missing operations."""
    wrap(LaunchTemplate, "create_version", _as_aws_keeps_it)
    add(Monitoring, monitor_instances, unmonitor_instances, get_ebs_default_kms_key_id)


def _as_aws_keeps_it(original: CreateVersion) -> CreateVersion:
    def create_version(
        self: LaunchTemplate, data: MutableMapping[str, Any], description: str
    ) -> LaunchTemplateVersion:
        tags = data.pop("TagSpecifications", [])
        if kept := [tag for tag in tags if tag["ResourceType"] != "launch-template"]:
            data["TagSpecifications"] = kept
        if isinstance(data.get("UserData"), str | bytes):
            data["UserData"] = parse_user_data(data["UserData"])
        return original(self, data, description)

    return create_version


def get_ebs_default_kms_key_id(self: Monitoring) -> ActionResult:
    """The key that encrypts volumes by default."""
    self.error_on_dryrun()
    return ActionResult({"KmsKeyId": "alias/aws/ebs"})


def monitor_instances(self: Monitoring) -> ActionResult:
    """Enables detailed monitoring."""
    return _set_monitoring(self, "enabled")


def unmonitor_instances(self: Monitoring) -> ActionResult:
    """Disables detailed monitoring."""
    return _set_monitoring(self, "disabled")


def _set_monitoring(self: Monitoring, state: str) -> ActionResult:
    self.error_on_dryrun()
    ids: list[str] = self._get_param("InstanceIds", [])
    for id_ in ids:
        self.ec2_backend.get_instance(id_).monitoring_state = state
    return ActionResult(
        {"InstanceMonitorings": [{"InstanceId": id_, "Monitoring": {"State": state}} for id_ in ids]}
    )
