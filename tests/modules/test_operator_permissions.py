"""What viewers and operators may do, by its shape; elsewhere the commands' calls are held against it."""

from constructs_lib.policy import Statement

from modules import operator_permissions, viewer_permissions
from modules.config.names import Names
from tests.settings import everything, minimal, variants

NAMES = Names.of(minimal())
READING = ("BatchGet", "Describe", "Filter", "Get", "List")
CHANGES_ANYTHING = {"codedeploy:StopDeployment"}


def actions(statements: list[Statement]) -> set[str]:
    return {action for statement in statements for action in statement.actions}


def on(action: str, statements: list[Statement]) -> Statement:
    (only,) = [statement for statement in statements if action in statement.actions]
    return only


def test_a_viewer_only_reads() -> None:
    others = actions(viewer_permissions.viewer(NAMES)) - {"kms:Decrypt"}
    assert all(action.split(":")[1].startswith(READING) for action in others)


def test_a_viewer_decrypts_revisions_in_the_bucket_and_no_secrets() -> None:
    decrypting = on("kms:Decrypt", viewer_permissions.viewer(NAMES))
    assert decrypting.conditions == {
        "ForAnyValue:StringLike": {"kms:ResourceAliases": ["alias/my-app", "alias/my-app/replaced*"]},
        "StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"},
    }


def test_an_operator_may_all_that_a_viewer_may() -> None:
    looking = viewer_permissions.viewer(NAMES)
    assert operator_permissions.operator(NAMES)[: len(looking)] == looking


def test_secrets_are_opened_through_parameter_store_for_this_services_alone() -> None:
    setting = on("kms:Encrypt", operator_permissions.operator(NAMES))
    assert setting.conditions == {
        "ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/my-app-*"},
        "StringEquals": {"kms:ViaService": "ssm.eu-central-1.amazonaws.com"},
        "StringLike": {
            "kms:EncryptionContext:PARAMETER_ARN": "arn:aws:ssm:eu-central-1:123456789012:parameter/my-app/*"
        },
    }


def test_what_changes_anything_is_this_services_but_where_aws_knows_no_resource() -> None:
    acting = operator_permissions.operator(NAMES)[len(viewer_permissions.viewer(NAMES)) :]
    everywhere = {action for each in acting if "*" in each.resources for action in each.actions}
    assert everywhere == CHANGES_ANYTHING


def test_nobody_of_them_touches_infrastructure_roles_or_state() -> None:
    allowed = actions(operator_permissions.operator(NAMES))
    assert not {each for each in allowed if each.startswith(("iam:Pass", "iam:Put", "iam:Attach", "ec2:Run"))}
    objects = on("s3:GetObject", operator_permissions.operator(NAMES)).resources
    assert all("my-app-artifacts-" in each for each in objects)


def test_what_only_some_settings_ask_for_is_granted_only_there() -> None:
    asked = {
        "iam:GetOpenIDConnectProvider",
        "iam:ListOpenIDConnectProviders",
        "route53:ListHostedZonesByName",
    }
    assert not actions(viewer_permissions.viewer(NAMES)) & asked
    assert actions(viewer_permissions.viewer(Names.of(everything()))) >= asked


def test_a_source_bucket_of_the_teams_own_is_looked_at() -> None:
    names = Names.of(variants()["s3-source-elsewhere"])
    buckets = [
        each.resources
        for each in viewer_permissions.viewer(names)
        if list(each.actions) == ["s3:GetBucketVersioning"]
    ]
    assert buckets == [["arn:aws:s3:::sources-of-the-team"]]
