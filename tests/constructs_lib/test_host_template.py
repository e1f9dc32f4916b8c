import base64
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Literal

from constructs_lib.host_template import HostTemplate, base64encode
from constructs_lib.testing import Testing, assert_has_resource_with_properties, assert_properties, resource

import pytest
from cdktf import TerraformStack


@cache
def synthesise(*, architecture: Literal["x86_64", "arm64"] = "x86_64", aws_access: bool = False) -> str:
    def build(stack: TerraformStack) -> None:
        HostTemplate(
            stack,
            "template",
            name="my-app",
            architecture=architecture,
            instance_type="t3.small",
            instance_profile_arn="arn:aws:iam::123456789012:instance-profile/host",
            security_group_id="sg-1",
            user_data="#!/bin/bash\n",
            tags={"service": "my-app"},
            aws_access=aws_access,
        )

    return Testing.synth_scope(build)


def template(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever synthesise takes
    return resource(synthesise(**changes), "aws_launch_template")


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
def test_ec2_looks_up_the_newest_image_of_the_architecture_at_each_launch(
    architecture: Literal["x86_64", "arm64"],
) -> None:
    assert template(architecture=architecture)["image_id"] == (
        f"resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-{architecture}"
    )


@pytest.mark.parametrize(("aws_access", "hops"), [(False, 1), (True, 2)])
def test_metadata_takes_a_token_and_reaches_containers_only_if_they_may_use_the_role(
    aws_access: bool, hops: int
) -> None:
    assert_properties(
        template(aws_access=aws_access)["metadata_options"],
        {
            "http_endpoint": "enabled",
            "http_tokens": "required",
            "http_put_response_hop_limit": hops,
            "instance_metadata_tags": "disabled",
        },
    )


def test_a_host_has_no_public_address_and_no_ssh_key() -> None:
    synthesised = synthesise()

    (interface,) = resource(synthesised, "aws_launch_template")["network_interfaces"]
    assert_properties(interface, {"associate_public_ip_address": "false", "security_groups": ["sg-1"]})
    assert_has_resource_with_properties(synthesised, "aws_launch_template", {"key_name": None})


def test_the_root_volume_is_encrypted_with_awss_key() -> None:
    (device,) = template()["block_device_mappings"]

    assert device == {
        "device_name": "/dev/xvda",
        "ebs": {
            "volume_type": "gp3",
            "volume_size": 30,
            "encrypted": "true",
            "delete_on_termination": "true",
        },
    }


def test_hosts_and_their_volumes_are_tagged() -> None:
    assert template()["tag_specifications"] == [
        {"resource_type": each, "tags": {"service": "my-app"}} for each in ("instance", "volume")
    ]


def test_the_default_version_is_the_newest() -> None:
    assert template()["update_default_version"] is True


def test_user_data_can_be_read_in_what_is_synthesised() -> None:
    assert template()["user_data"] == '${base64encode("#!/bin/bash\\n")}'


TEXTS = (
    "plain",
    'a "quote" and a \\ backslash',
    "${REGION} %{if} $${twice}",
    "tab\tünïcode 🚢\n",
    "$$ $ % {}",
)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not there")
def test_terraform_encodes_exactly_the_bytes_that_were_given(tmp_path: Path) -> None:
    outputs = {f"t{index}": {"value": base64encode(text)} for index, text in enumerate(TEXTS)}
    (tmp_path / "main.tf.json").write_text(json.dumps({"output": outputs}), encoding="utf-8")

    subprocess.run(["terraform", "apply", "-auto-approve"], cwd=tmp_path, check=True, capture_output=True)
    said = subprocess.run(["terraform", "output", "-json"], cwd=tmp_path, check=True, capture_output=True)

    got = json.loads(said.stdout)
    assert [base64.b64decode(got[name]["value"]).decode() for name in outputs] == list(TEXTS)
