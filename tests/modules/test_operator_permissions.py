"""What viewers and operators may do, by its shape; elsewhere the commands' calls are held against it."""

import json

from constructs_lib.managed_policy import LIMIT
from constructs_lib.policy import Statement, document

from modules import operator_permissions, viewer_permissions
from modules.config.load import settle
from modules.config.names import Names
from tests.settings import KEY_ARN, NETWORK_BY_TAGS, REGION, everything, longest, minimal, variants

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


def test_the_policies_fit_whatever_exists_already_and_however_long_the_names_are() -> None:
    most = longest().model_dump(mode="json", exclude_unset=True, exclude={"alerts"})
    named = {"network": NETWORK_BY_TAGS, "key_arn": KEY_ARN.replace(REGION, str(most["region"]))}
    kept = {"name", "domain", "hosted_zone"}
    for n, table in enumerate(most["environments"]):
        own = {key: value for key, value in table.items() if key in kept}
        most["environments"][n] = {**own, **named, "access_log_bucket": f"{n}{'b' * 62}"}
        most["environments"][n].setdefault("plain_http", "domain" not in own)
    most["registry"] = {"repository": "r" * 64}
    most["alerts"] = {"topic_arn": f"arn:aws:sns:{most['region']}:{most['account']}:{'t' * 64}"}
    names = Names.of(settle(most))
    for policy in (viewer_permissions.viewer, operator_permissions.operator):
        size = len(json.dumps(json.loads(document(*policy(names))), separators=(",", ":")))
        assert size <= LIMIT, f"{policy.__name__}: {size}"


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
