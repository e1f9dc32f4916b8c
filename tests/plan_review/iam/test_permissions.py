"""Permission changes: a plan's policies as sentences, each about the resource that it stands in."""

from dataclasses import replace

import pytest

from plan_review.iam.permission_change import Kind
from plan_review.iam.permissions import permissions
from plan_review.plan import UNKNOWN, Action, Masked, Plan, ResourceChange, Value
from tests.plan_review.changes import change, plan
from tests.plan_review.policies import (
    attachment,
    bucket_policy,
    key_policy,
    policy,
    role_policy,
    statement,
    trust,
)

READ = policy(statement("s3:GetObject", "arn:aws:s3:::data/*"))
BOTH = policy(statement(["s3:GetObject", "s3:DeleteObject"], "arn:aws:s3:::data/*"))
NEW: Value = {"type": "AWS", "identifiers": [UNKNOWN]}
MADE_FROM = ("aws_iam_role_policy.inline", "data.aws_iam_policy_document.build")
EC2 = policy(statement("sts:AssumeRole", principal={"Service": "ec2.amazonaws.com"}))


def said(*changes: ResourceChange, references: tuple[tuple[str, str], ...] = ()) -> list[str]:
    return [permission.sentence for permission in permissions(plan(*changes, references=references))]


def role(before: dict[str, Value] | None, after: dict[str, Value] | None) -> ResourceChange:
    return change("aws_iam_role.build", before=before, after=after)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (role_policy(READ, BOTH), "role build may now also s3:DeleteObject on arn:aws:s3:::data/*"),
        (role_policy(BOTH, READ), "role build may no longer s3:DeleteObject on arn:aws:s3:::data/*"),
        (
            role_policy(READ, policy(statement("s3:*", "arn:aws:s3:::data/*"))),
            "role build may now s3:* on arn:aws:s3:::data/* (before only s3:GetObject)",
        ),
        (
            role_policy(READ, policy(statement("s3:GetObject"))),
            "role build may now s3:GetObject on everything (*) (before only on arn:aws:s3:::data/*)",
        ),
        (
            role_policy(policy(statement("s3:*", "arn:aws:s3:::data/*")), READ),
            "role build may no longer s3:* on arn:aws:s3:::data/* (only s3:GetObject)",
        ),
        (
            role_policy(policy(statement("a:b"), statement("a:c", effect="Deny")), policy(statement("a:b"))),
            "role build is no longer denied a:c on everything (*)",
        ),
        (
            trust(EC2, policy(statement("sts:AssumeRole", principal={"AWS": "123456789012"}))),
            "role build can now be assumed by account 123456789012",
        ),
        (
            bucket_policy(None, policy(statement("s3:GetObject", "arn:aws:s3:::data/*", principal="*"))),
            "bucket data now lets everyone s3:GetObject on arn:aws:s3:::data/*",
        ),
        (
            key_policy(
                policy(statement("kms:Decrypt", principal={"Service": "a.amazonaws.com"})),
                policy(statement("kms:*", principal={"Service": "a.amazonaws.com"})),
            ),
            "key 1234 now lets service a.amazonaws.com kms:* (before only kms:Decrypt)",
        ),
        (attachment("arn:aws:iam::aws:policy/ReadOnlyAccess"), "role build now holds policy ReadOnlyAccess"),
    ],
)
def test_a_change_is_said_in_one_sentence(changed: ResourceChange, sentence: str) -> None:
    assert sentence in said(changed)


def test_a_policy_that_is_only_written_otherwise_says_nothing() -> None:
    before = policy(statement(["s3:GetObject", "s3:PutObject"], "a"), statement("ecr:PutImage", ["b", "c"]))
    after = policy(statement("ecr:PutImage", ["c", "b"]), statement(["s3:PutObject", "s3:getobject"], ["a"]))

    assert said(role_policy(before, after)) == []


def test_a_statement_that_moves_to_another_policy_of_the_role_says_nothing() -> None:
    assert said(role_policy(READ, None, name="old"), role_policy(None, READ, name="new")) == []


def test_what_another_policy_of_the_role_allows_already_is_not_new() -> None:
    assert said(role_policy(BOTH, BOTH, name="all"), role_policy(None, READ, name="some")) == []


def test_a_policy_belongs_to_the_role_that_it_refers_to_while_the_name_is_unknown() -> None:
    renamed = change(
        "aws_iam_role.build",
        before={"name": "build-1", "assume_role_policy": EC2},
        after={"name": UNKNOWN, "assume_role_policy": EC2},
        action=Action.REPLACE,
    )
    moved = change(
        "aws_iam_role_policy.a",
        before={"role": "build-1", "policy": READ},
        after={"role": UNKNOWN, "policy": READ},
        action=Action.REPLACE,
    )

    assert said(renamed, moved, references=(("aws_iam_role_policy.a", "aws_iam_role.build"),)) == []


def test_each_instance_of_for_each_belongs_to_the_role_of_its_own_key() -> None:
    roles = [indexed("aws_iam_role.a", key, {"name": f"role-{key}"}) for key in ("x", "y")]
    policies = [
        indexed("aws_iam_role_policy.a", key, {"role": UNKNOWN, "policy": READ}) for key in ("x", "y")
    ]

    found = permissions(plan(*roles, *policies, references=[("aws_iam_role_policy.a", "aws_iam_role.a")]))

    assert sorted(each.who for each in found) == ["role role-x", "role role-y"]


def indexed(address: str, key: str, after: dict[str, Value]) -> ResourceChange:
    return replace(change(f'{address}["{key}"]', after=after), index=key)


def test_a_new_role_is_called_new_and_takes_nothing_away() -> None:
    denial = policy(statement("a:b"), statement("a:c", effect="Deny"))
    found = said(role(None, {"name": "build", "assume_role_policy": EC2}), role_policy(None, denial))

    assert found == [
        "role build, which is new, can be assumed by service ec2.amazonaws.com",
        "role build, which is new, may a:b on everything (*)",
    ]


def test_a_role_whose_construct_is_renamed_is_the_same_role() -> None:
    old = change("aws_iam_role.old", before={"name": "build", "assume_role_policy": EC2})
    new = change("aws_iam_role.new", after={"name": "build", "assume_role_policy": EC2})
    before, after = role_policy(READ, None, name="old"), role_policy(None, BOTH, name="new")

    for changes in ([old, new, before, after], [new, old, after, before]):
        assert said(*changes) == ["role build may now also s3:DeleteObject on arn:aws:s3:::data/*"]


def test_what_a_role_gains_that_leaves_the_stack_is_said_too() -> None:
    gone = role({"name": "build", "assume_role_policy": EC2}, None)

    assert "role build may now also s3:GetObject on arn:aws:s3:::data/*" in said(
        gone, role_policy(None, READ)
    )


def test_a_role_that_goes_is_said_once() -> None:
    gone = role({"name": "build", "assume_role_policy": EC2}, None)

    assert said(gone, role_policy(BOTH, None)) == ["role build is gone, and with it all that it may do"]


def test_what_is_about_the_resource_it_stands_in() -> None:
    (found,) = permissions(plan(role_policy(READ, READ, name="same"), role_policy(READ, BOTH, name="more")))

    assert (found.address, found.kind, found.who) == (
        "aws_iam_role_policy.more",
        Kind.GAINED,
        "role build",
    )


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (UNKNOWN, "known only after apply"),
        ("{", "cannot be read: it is not JSON"),
        (Masked("sensitive", 1), "is marked sensitive"),
        (["a list"], "cannot be read"),
    ],
)
def test_what_cannot_be_told_is_said_to_be_unknown(value: Value, why: str) -> None:
    (found,) = permissions(plan(role_policy(READ, value)))

    assert found.kind is Kind.UNKNOWN
    assert why in found.sentence


def test_a_key_whose_policy_the_provider_fills_in_says_nothing() -> None:
    assert said(change("aws_kms_key.a", after={"key_id": UNKNOWN, "policy": UNKNOWN})) == []


def test_a_key_whose_policy_is_configured_is_unknown() -> None:
    key = change("aws_kms_key.a", after={"key_id": UNKNOWN, "policy": UNKNOWN}, written={"policy": UNKNOWN})

    assert said(key) == ["key aws_kms_key.a: its policy is known only after apply"]


def test_the_copy_of_a_buckets_policy_in_the_bucket_hides_nothing() -> None:
    denial = policy(statement("s3:*", effect="Deny", principal="*"))
    bucket = change(
        "aws_s3_bucket.data",
        before={"bucket": "data", "policy": denial},
        after={"bucket": "data", "policy": denial},
    )

    assert said(bucket, bucket_policy(denial, policy())) == ["bucket data no longer denies everyone s3:*"]


def test_an_unknown_policy_is_told_by_its_document_as_far_as_that_is_known() -> None:
    document = change(
        "data.aws_iam_policy_document.build",
        after={"statement": [{"effect": None, "actions": ["s3:*"], "resources": [UNKNOWN]}], "json": UNKNOWN},
        action=Action.READ,
        mode="data",
    )

    assert "role build may now also s3:* on (known after apply)" in said(
        role_policy(READ, UNKNOWN), document, references=(MADE_FROM,)
    )


@pytest.mark.parametrize(
    ("block", "target", "problem"),
    [
        ({"actions": ["s3:GetObject"], "resources": [UNKNOWN]}, "terraform_data.a", ""),
        ({"actions": [UNKNOWN], "resources": ["*"]}, "aws_s3_bucket.a", "after apply, in part"),
        ({"not_actions": [UNKNOWN]}, "aws_s3_bucket.a", "after apply, in part"),
        ({"actions": ["a:b"], "principals": [NEW]}, "aws_iam_role.a", ""),
        ({"actions": ["a:b"], "principals": [NEW]}, "module.m.data.aws_iam_role.a", ""),
        ({"actions": ["a:b"], "principals": [NEW]}, "terraform_data.a", "after apply, in part"),
        ({"actions": ["a:b"], "principals": [NEW]}, "aws_ssm_parameter.a", "after apply, in part"),
        ({"actions": ["a:b"], "principals": UNKNOWN}, "aws_iam_role.a", "after apply"),
        ({"effect": UNKNOWN, "actions": ["a:b"]}, "aws_iam_role.a", "after apply"),
    ],
)
def test_a_document_of_which_actions_or_principals_are_unknown_is_so_too(
    block: dict[str, Value], target: str, problem: str
) -> None:
    document = change(
        "data.aws_iam_policy_document.build",
        after={"statement": [block], "json": UNKNOWN},
        action=Action.READ,
        mode="data",
    )
    references = (MADE_FROM, ("data.aws_iam_policy_document.build", target))

    found = permissions(plan(role_policy(READ, UNKNOWN), document, references=references))
    unclear = [each.sentence for each in found if each.kind is Kind.UNKNOWN]

    expected = [f"role build: its policy inline is known only {problem}"] if problem else []
    assert unclear == expected


def test_a_document_tells_of_a_policy_only_if_nothing_else_is_done_with_it() -> None:
    document = change(
        "data.aws_iam_policy_document.build",
        after={"statement": [{"actions": ["a:b"]}], "json": UNKNOWN},
        action=Action.READ,
        mode="data",
    )
    plain: Value = {"policy": "${data.aws_iam_policy_document.build.json}"}
    edited: Value = {"policy": '${replace(data.aws_iam_policy_document.build.json, "a:b", "*")}'}

    for written, known in ((plain, True), (edited, False)):
        mine = replace(role_policy(READ, UNKNOWN), written=written)
        found = said(mine, document, references=(MADE_FROM,))
        assert ("role build may now also a:b on everything (*)" in found) is known
        assert ("role build: its policy inline is known only after apply" in found) is not known


def test_an_unknown_policy_is_told_by_what_is_written_for_it() -> None:
    written = policy(statement("logs:Put", "${aws_cloudwatch_log_group.app.arn}:*"))

    assert said(replace(role_policy(None, UNKNOWN), written={"policy": written})) == [
        "role build may now also logs:Put on ${aws_cloudwatch_log_group.app.arn}:*"
    ]


def test_a_managed_policy_that_is_not_known_is_said_to_be_unknown() -> None:
    (found,) = permissions(plan(attachment(UNKNOWN)))

    assert (found.kind, found.sentence) == (
        Kind.UNKNOWN,
        "role build now holds policy (known after apply)",
    )


def test_managed_policies_that_are_configured_and_not_known_are_said_to_be_unknown() -> None:
    made: dict[str, Value] = {"name": "build", "managed_policy_arns": UNKNOWN}
    (found,) = permissions(
        plan(change("aws_iam_role.build", after=made, written={"managed_policy_arns": UNKNOWN}))
    )

    assert found.kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "after", "sentence"),
    [
        (
            "aws_lambda_permission",
            {
                "function_name": "f",
                "principal": "s3.amazonaws.com",
                "action": "lambda:Invoke",
                "source_account": "123456789012",
            },
            "function f now lets service s3.amazonaws.com lambda:Invoke if aws:SourceAccount is 123456789012",
        ),
        (
            "google_project_iam_binding",
            {
                "project": "p",
                "role": "roles/viewer",
                "members": ["user:ann", "group:ops"],
            },
            "project p now lets group:ops and user:ann roles/viewer",
        ),
        (
            "google_storage_bucket_iam_policy",
            {"bucket": "b", "policy_data": '{"bindings": [{"role": "r", "members": ["allUsers"]}]}'},
            "bucket b now lets everyone r",
        ),
        (
            "azurerm_role_assignment",
            {"scope": "/subscriptions/1", "role_definition_name": "Owner", "principal_id": "p"},
            "scope /subscriptions/1 now lets principal p Owner",
        ),
        (
            "azurerm_key_vault_access_policy",
            {"key_vault_id": "v", "object_id": "o", "secret_permissions": ["Get"], "key_permissions": []},
            "key vault v now lets principal o secret:Get",
        ),
        (
            "aws_iam_user_group_membership",
            {"user": "ann", "groups": ["admins"]},
            "user ann is now in group admins",
        ),
        (
            "aws_iam_instance_profile",
            {"name": "hosts", "role": "host"},
            "instance profile hosts now gives its instances role host",
        ),
    ],
)
def test_permissions_that_are_no_policy_are_said_too(
    kind: str, after: dict[str, Value], sentence: str
) -> None:
    assert said(change(f"{kind}.a", after=after)) == [sentence]


def test_managed_policies_that_the_provider_lists_by_itself_say_nothing() -> None:
    held: list[Value] = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    tagged = role(
        {"name": "a", "managed_policy_arns": held}, {"name": "a", "managed_policy_arns": held, "tags": {}}
    )

    assert said(tagged) == []
    assert said(role(None, {"name": "build", "managed_policy_arns": UNKNOWN})) == []


def test_the_worst_is_said_first() -> None:
    found = permissions(plan(role_policy(BOTH, READ, role="a"), role_policy(READ, BOTH, role="b", name="b")))

    assert [each.kind for each in found] == [Kind.GAINED, Kind.LOST]


def test_a_plan_without_policies_says_nothing() -> None:
    nothing: Plan = plan(change("terraform_data.a", after={"input": "x"}))

    assert permissions(nothing) == ()
