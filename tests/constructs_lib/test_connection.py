from typing import Any

from constructs_lib.connection import Connection, FoundConnection, NamedConnection
from constructs_lib.testing import (
    Testing,
    assert_has_data_source_with_properties,
    assert_has_resource_with_properties,
)

import pytest
from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.codestarconnections_connection import CodestarconnectionsConnection
from cdktf_cdktf_provider_aws.data_aws_codestarconnections_connection import (
    DataAwsCodestarconnectionsConnection,
)

from tests.constructs_lib.samples import granted, role

ARN = "arn:aws:codestar-connections:eu-central-1:123456789012:connection/12345678-90ab-cdef-1234-567890abcdef"


def connection(stack: TerraformStack) -> Connection:
    return Connection(stack, "connection", name="my-app", provider="GitHub")


def test_a_connection_has_its_name_and_its_host() -> None:
    assert_has_resource_with_properties(
        Testing.synth_scope(connection),
        CodestarconnectionsConnection,
        {"name": "my-app", "provider_type": "GitHub"},
    )


def test_it_is_used_under_both_names_of_the_service_whatever_its_arn_begins_with() -> None:
    synthesised = Testing.synth_scope(lambda stack: NamedConnection(ARN).grant_use(role(stack)))

    assert granted(synthesised, "use-connection") == [
        {
            "Effect": "Allow",
            "Action": ["codeconnections:UseConnection", "codestar-connections:UseConnection"],
            "Resource": [ARN],
        }
    ]


def test_a_connection_made_here_is_granted_by_its_own_arn() -> None:
    def build(stack: TerraformStack) -> None:
        connection(stack).grant_use(role(stack))

    (only,) = granted(Testing.synth_scope(build), "use-connection")
    (arn,) = only["Resource"]
    assert arn.startswith("${aws_codestarconnections_connection.connection_")
    assert arn.endswith(".arn}")


@pytest.mark.parametrize("known_by", [{"name": "my-app"}, {"arn": ARN}])
def test_a_connection_that_is_found_stops_a_plan_unless_it_is_available(known_by: dict[str, str]) -> None:
    synthesised = Testing.synth_scope(
        lambda stack: FoundConnection(stack, "connection", **known_by, remedy="Complete it.")
    )
    (known,) = known_by.values()
    condition = {
        "condition": '${self.connection_status == "AVAILABLE"}',
        "error_message": f"The connection {known} is ${{self.connection_status}}. Complete it.",
    }
    assert_has_data_source_with_properties(
        synthesised,
        DataAwsCodestarconnectionsConnection,
        {**known_by, "lifecycle": {"postcondition": [condition]}},
    )


@pytest.mark.parametrize("known_by", [{}, {"name": "my-app", "arn": ARN}])
def test_a_connection_is_found_by_one_thing(known_by: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="by its name or by its ARN"):
        Testing.synth_scope(
            lambda stack: FoundConnection(stack, "connection", **known_by, remedy="Complete it.")
        )


def test_a_connection_that_is_found_by_name_is_granted_by_the_arn_that_a_plan_reads() -> None:
    def build(stack: TerraformStack) -> None:
        FoundConnection(stack, "connection", name="my-app", remedy="Complete it.").grant_use(role(stack))

    (only,) = granted(Testing.synth_scope(build), "use-connection")
    (arn,) = only["Resource"]
    assert arn.startswith("${data.aws_codestarconnections_connection.connection_")
