"""Policies that are known only after apply, read from what the synthesised stack writes."""

import pytest

from plan_review.iam.declared_policy import DOCUMENT, IN_PART, LATER, declared_statements
from plan_review.iam.statement import parse
from tests.plan_review.policies import policy, statement

ARN = "${aws_s3_bucket.data.arn}"


@pytest.mark.parametrize(
    "name",
    [
        "arn:aws:s3:::data",
        ARN,
        f"{ARN}/*",
        "${data.aws_kms_key.main.arn}",
        "${aws_kms_key.main[0].key_arn}",
        "arn:aws:s3:::${aws_s3_bucket.data.bucket}/*",
        "arn:aws:iam::${data.aws_caller_identity.now.account_id}:role/a",
    ],
)
def test_names_that_aws_gives_leave_nothing_open(name: str) -> None:
    text = policy(statement("s3:*", name))

    assert declared_statements(text) == (parse(text), "")


@pytest.mark.parametrize(
    "hole",
    [
        "${terraform_data.a.output}",
        "${var.name}",
        "${local.arn}",
        "${each.value.arn}",
        "${module.m.arn}",
        "${join(aws_s3_bucket.data.arn)}",
        "${aws_ssm_parameter.a.value}",
        "${aws_s3_bucket.data.tags.arn}",
        "${cond ? aws_s3_bucket.data.arn : local.all}",
        "%{if true}a%{endif}",
        f"$${ARN}",
    ],
)
def test_what_may_come_to_anything_leaves_the_policy_open_but_hides_no_action(hole: str) -> None:
    found, problem = declared_statements(policy(statement("s3:*", hole)))

    assert problem == IN_PART or hole.startswith("$$")
    assert [each.actions.patterns for each in found] == [("s3:*",)]


def test_a_policy_variable_is_no_reference() -> None:
    found, problem = declared_statements(policy(statement("s3:*", "arn:aws:s3:::data/$${aws:username}")))

    assert problem == ""
    assert found[0].resources.patterns == ("arn:aws:s3:::data/${aws:username}",)


@pytest.mark.parametrize(
    "text",
    ["${local.policy}", '{"Statement": ${jsonencode(local.all)}}', '{"Statement": ["${aws_x.a.arn}"]}', ""],
)
def test_what_is_not_spelled_out_cannot_be_told(text: str) -> None:
    assert declared_statements(text or "${x}") == ((), LATER)


@pytest.mark.parametrize(
    ("text", "is_document"),
    [
        ("${data.aws_iam_policy_document.a.json}", True),
        ("${data.aws_iam_policy_document.a.json} ", False),
        ("${replace(data.aws_iam_policy_document.a.json)}", False),
        ("${data.aws_iam_policy_document.a.minified_json}", False),
    ],
)
def test_only_a_document_and_nothing_around_it_is_that_document(text: str, is_document: bool) -> None:
    assert bool(DOCUMENT.fullmatch(text)) is is_document
