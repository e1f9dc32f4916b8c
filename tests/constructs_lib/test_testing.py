"""The assertions themselves: what passes, what fails, and what is said when something fails."""

import json
import re
from collections.abc import Callable

from constructs_lib.testing import (
    Testing,
    assert_has_data_source_with_properties,
    assert_has_no_resource,
    assert_has_resource_with_properties,
    assert_properties,
    data_source,
    data_sources,
    resource,
    resources,
    statement,
    statements,
)

import cdktf
import pytest
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupIngress
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct

TRUST = json.dumps({"Statement": [{"Sid": "Trust", "Effect": "Allow", "Action": ["sts:AssumeRole"]}]})
READ = json.dumps({"Statement": {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"]}})
RULE = SecurityGroupIngress(
    from_port=443, to_port=443, protocol="tcp", cidr_blocks=["10.0.0.0/8", "10.1.0.0/16"]
)


def fill(stack: cdktf.TerraformStack) -> None:
    exports = Construct(stack, "exports")
    S3Bucket(exports, "bucket", bucket="exports", tags={"a": "1", "b": "2"}, force_destroy=True)
    S3Bucket(stack, "imports", bucket="imports")
    SqsQueue(stack, "queue", delay_seconds=5)
    SecurityGroup(stack, "group", name="group", ingress=[RULE])
    IamRole(stack, "role", name="role", assume_role_policy=TRUST)
    DataAwsCallerIdentity(stack, "me", id="me")


@pytest.fixture(scope="module")
def synthesised() -> str:
    return Testing.synth_scope(fill)


def failure(assertion: Callable[[], object]) -> str:
    """What an assertion says when it fails, which it must."""
    with pytest.raises(AssertionError) as error:
        assertion()
    return str(error.value)


# synthesis


def test_a_function_gets_a_stack_and_its_json_comes_back() -> None:
    synthesised = Testing.synth_scope(lambda stack: SqsQueue(stack, "queue", name="orders"))

    assert json.loads(synthesised) == {"resource": {"aws_sqs_queue": {"queue": {"name": "orders"}}}}


def test_every_scope_begins_empty() -> None:
    Testing.synth_scope(lambda stack: SqsQueue(stack, "queue"))

    assert json.loads(Testing.synth_scope(lambda _: None)) == {}


def test_the_validations_run_when_asked_for() -> None:
    def without_a_provider(stack: cdktf.TerraformStack) -> None:
        SqsQueue(stack, "queue")

    with pytest.raises(RuntimeError, match="without a matching provider"):
        Testing.synth_scope(without_a_provider, run_validations=True)


# finding


def test_a_resource_is_found_by_its_class_or_by_terraforms_word(synthesised: str) -> None:
    assert resource(synthesised, SqsQueue) == resource(synthesised, "aws_sqs_queue") == {"delay_seconds": 5}


def test_what_is_parsed_already_is_taken_too(synthesised: str) -> None:
    assert resource(json.loads(synthesised), SqsQueue) == {"delay_seconds": 5}


@pytest.mark.parametrize("id", ["exports/bucket", "bucket", "exports_bucket"])
def test_an_id_is_a_constructs_path_or_its_end(synthesised: str, id: str) -> None:
    assert resource(synthesised, S3Bucket, id)["bucket"] == "exports"


def test_an_id_never_matches_part_of_a_name(synthesised: str) -> None:
    assert "expected one aws_s3_bucket ports, found 0" in failure(
        lambda: resource(synthesised, S3Bucket, "ports")
    )


def test_several_where_one_is_wanted_fail_and_are_listed(synthesised: str) -> None:
    said = failure(lambda: resource(synthesised, S3Bucket))

    assert re.fullmatch(
        r"expected one aws_s3_bucket, found 2; the stack has exports_bucket_\w{8}, imports", said
    )


def test_none_where_one_is_wanted_fails_and_lists_what_there_is(synthesised: str) -> None:
    assert failure(lambda: resource(synthesised, "aws_sns_topic")) == (
        "expected one aws_sns_topic, found 0; "
        "the stack has aws_iam_role, aws_s3_bucket, aws_security_group, aws_sqs_queue"
    )


def test_an_empty_stack_says_so() -> None:
    assert failure(lambda: resource("{}", SqsQueue)).endswith("the stack has no resources")


def test_all_of_a_kind_come_by_their_names(synthesised: str) -> None:
    found = resources(synthesised, S3Bucket)

    assert {each["bucket"] for each in found.values()} == {"exports", "imports"}
    assert found["imports"]["bucket"] == "imports"


def test_data_sources_are_looked_up_apart_from_resources(synthesised: str) -> None:
    assert data_source(synthesised, DataAwsCallerIdentity) == {"id": "me"}
    assert data_sources(synthesised, "aws_caller_identity") == {"me": {"id": "me"}}


@pytest.mark.parametrize("look", [resources, resource, assert_has_no_resource])
def test_a_misspelt_kind_is_never_just_absent(synthesised: str, look: Callable[..., object]) -> None:
    assert failure(lambda: look(synthesised, "aws_sqs_kueue")) == (
        "the bindings have no resource aws_sqs_kueue; the nearest is aws_sqs_queue"
    )


def test_a_misspelt_data_source_is_never_just_absent(synthesised: str) -> None:
    assert failure(lambda: data_sources(synthesised, "aws_caller_identit")) == (
        "the bindings have no data aws_caller_identit; the nearest is aws_caller_identity"
    )


# properties


def test_tables_may_have_more_and_lists_may_not(synthesised: str) -> None:
    assert_has_resource_with_properties(synthesised, S3Bucket, {"tags": {"a": "1"}})
    assert_has_resource_with_properties(synthesised, SecurityGroup, {"ingress": [{"from_port": 443}]})

    assert "ingress[0].cidr_blocks: expected 1 elements, found 2" in failure(
        lambda: assert_has_resource_with_properties(
            synthesised, SecurityGroup, {"ingress": [{"cidr_blocks": ["10.0.0.0/8"]}]}
        )
    )


def test_the_order_of_a_list_counts(synthesised: str) -> None:
    said = failure(
        lambda: assert_has_resource_with_properties(
            synthesised, SecurityGroup, {"ingress": [{"cidr_blocks": ["10.1.0.0/16", "10.0.0.0/8"]}]}
        )
    )

    assert 'ingress[0].cidr_blocks[0]: expected "10.1.0.0/16", found "10.0.0.0/8"' in said


def test_every_difference_of_the_nearest_resource_is_said(synthesised: str) -> None:
    said = failure(
        lambda: assert_has_resource_with_properties(
            synthesised,
            S3Bucket,
            {"bucket": "exports", "tags": {"a": "2", "c": "3"}, "force_destroy": False},
        )
    )

    first, *lines = said.splitlines()
    assert re.fullmatch(r"no S3Bucket has the properties; the nearest is exports_bucket_\w{8}:", first)
    assert lines == [
        '  tags.a: expected "2", found "1"',
        '  tags.c: missing, expected "3"; the keys are a, b',
        "  force_destroy: expected false, found true",
    ]


def test_a_misspelt_key_fails_and_the_nearest_is_named(synthesised: str) -> None:
    said = failure(lambda: assert_has_resource_with_properties(synthesised, SqsQueue, {"delay_second": 5}))

    assert "delay_second: missing, expected 5; the nearest key is delay_seconds" in said


def test_none_means_absent(synthesised: str) -> None:
    assert_has_resource_with_properties(synthesised, SqsQueue, {"kms_master_key_id": None})

    assert "delay_seconds: expected to be absent, found 5" in failure(
        lambda: assert_has_resource_with_properties(synthesised, SqsQueue, {"delay_seconds": None})
    )


@pytest.mark.parametrize("kind", [SqsQueue, "aws_sqs_queue"])
def test_a_misspelt_key_is_never_just_absent(synthesised: str, kind: type[SqsQueue] | str) -> None:
    said = failure(lambda: assert_has_resource_with_properties(synthesised, kind, {"kms_master_key": None}))

    assert (
        "kms_master_key: expected to be absent, but no such key exists; the nearest key is kms_master_key_id"
    ) in said


def test_absence_is_known_in_nested_blocks_too(synthesised: str) -> None:
    assert_has_resource_with_properties(synthesised, SecurityGroup, {"ingress": [{"description": None}]})

    assert "ingress[0].descripton: expected to be absent, but" in failure(
        lambda: assert_has_resource_with_properties(
            synthesised, SecurityGroup, {"ingress": [{"descripton": None}]}
        )
    )


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ({"delay_seconds": True}, "delay_seconds: expected true, found 5"),
        ({"delay_seconds": "5"}, 'delay_seconds: expected "5", found 5'),
        ({"delay_seconds": [5]}, "delay_seconds: expected [5], found 5"),
        ({"delay_seconds": {}}, "delay_seconds: expected {}, found 5"),
    ],
)
def test_values_of_another_type_are_not_equal(
    synthesised: str, expected: dict[str, object], said: str
) -> None:
    assert said in failure(lambda: assert_has_resource_with_properties(synthesised, SqsQueue, expected))


def test_one_is_not_true() -> None:
    assert failure(lambda: assert_properties({"count": 1}, {"count": True})) == (
        "count: expected true, found 1"
    )


def test_a_kind_that_is_not_there_has_no_properties(synthesised: str) -> None:
    assert failure(lambda: assert_has_resource_with_properties("{}", SqsQueue, {})) == (
        "there is no SqsQueue; the stack has no resources"
    )


def test_data_sources_have_properties_too(synthesised: str) -> None:
    assert_has_data_source_with_properties(synthesised, DataAwsCallerIdentity, {"id": "me"})

    assert 'id: expected "you", found "me"' in failure(
        lambda: assert_has_data_source_with_properties(synthesised, "aws_caller_identity", {"id": "you"})
    )


def test_what_should_not_be_there_is_named(synthesised: str) -> None:
    assert_has_no_resource(synthesised, "aws_sns_topic")

    assert failure(lambda: assert_has_no_resource(synthesised, SqsQueue)) == (
        "expected no SqsQueue, found queue"
    )


def test_absence_cannot_be_expected_where_the_kind_is_not_known() -> None:
    assert failure(lambda: assert_properties({}, {"Condition": None})) == (
        "Condition: cannot tell absent from misspelt; use an assertion that takes the kind"
    )


# policies


def test_the_statements_of_a_resources_policy_come_parsed(synthesised: str) -> None:
    (found,) = statements(resource(synthesised, IamRole))

    assert found["Action"] == ["sts:AssumeRole"]


@pytest.mark.parametrize("policy", [READ, json.loads(READ), {"policy": READ, "name": "read"}])
def test_a_policy_may_be_text_or_parsed_or_in_a_resource_and_have_one_bare_statement(
    policy: str | dict[str, object],
) -> None:
    assert [each["Sid"] for each in statements(policy)] == ["Read"]


def test_an_attribute_says_which_of_several_policies() -> None:
    both = {"policy": READ, "assume_role_policy": TRUST}

    assert statement(both, "Trust", "assume_role_policy")["Effect"] == "Allow"
    assert failure(lambda: statements(both)) == (
        "expected the policy in one attribute; the policies are assume_role_policy, policy"
    )


def test_a_resource_without_a_policy_says_what_it_has(synthesised: str) -> None:
    assert failure(lambda: statements(resource(synthesised, SqsQueue))) == (
        "expected the policy in one attribute; the policies are none; the attributes are delay_seconds"
    )


def test_a_statement_that_is_not_there_fails_and_lists_the_others(synthesised: str) -> None:
    assert failure(lambda: statement(resource(synthesised, IamRole), "Trusst")) == (
        "expected one statement Trusst, found 0; the statements are Trust"
    )
