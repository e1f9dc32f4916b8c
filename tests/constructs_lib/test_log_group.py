from constructs_lib.log_group import LogGroup
from constructs_lib.testing import Testing, assert_has_resource_with_properties, resource

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup

from tests.constructs_lib.building import log_group
from tests.constructs_lib.samples import granted, key, role


def test_a_log_group_is_encrypted_with_its_key() -> None:
    attributes = resource(Testing.synth_scope(log_group), CloudwatchLogGroup)

    assert attributes["kms_key_id"].startswith("${aws_kms_key.key_")


def test_logs_are_kept_thirty_days() -> None:
    assert_has_resource_with_properties(
        Testing.synth_scope(log_group), CloudwatchLogGroup, {"retention_in_days": 30}
    )


def test_logs_are_kept_as_long_as_is_said() -> None:
    synthesised = Testing.synth_scope(
        lambda stack: LogGroup(stack, "log", name="/my-app/build", key=key(stack), retention_days=365)
    )

    assert resource(synthesised, CloudwatchLogGroup)["retention_in_days"] == 365


def test_a_writer_may_write_to_this_group_and_never_create_one() -> None:
    def build(stack: TerraformStack) -> None:
        log_group(stack).grant_write(role(stack), "write-log")

    (only,) = granted(Testing.synth_scope(build), "write-log")
    assert only["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    (streams,) = only["Resource"]
    assert streams.startswith("${aws_cloudwatch_log_group.log_")
    assert streams.endswith(".arn}:*")


def test_a_writer_that_looks_for_its_stream_may_by_either_form_of_the_groups_arn() -> None:
    def build(stack: TerraformStack) -> None:
        log_group(stack).grant_write(role(stack), "write-log", finds_streams=True)

    write, find = granted(Testing.synth_scope(build), "write-log")
    (streams,) = write["Resource"]
    assert find["Action"] == ["logs:DescribeLogStreams"]
    assert find["Resource"] == [streams.removesuffix(":*"), streams]
