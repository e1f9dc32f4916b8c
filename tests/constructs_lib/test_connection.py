from constructs_lib.connection import Connection, NamedConnection
from constructs_lib.testing import Testing, assert_has_resource_with_properties

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.codestarconnections_connection import CodestarconnectionsConnection

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
