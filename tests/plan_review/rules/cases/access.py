"""Permissions that somebody should look at twice, and some that are as they should be."""

from dataclasses import replace

from plan_review.plan import UNKNOWN, Masked, ResourceChange
from tests.plan_review.changes import change
from tests.plan_review.policies import (
    Json,
    attachment,
    bucket_policy,
    key_policy,
    policy,
    role_policy,
    statement,
    trust,
)
from tests.plan_review.rules.cases.case import create, delete, ignores, sees, update

BUCKET, OBJECTS = "arn:aws:s3:::data", "arn:aws:s3:::data/*"
ROLE = "arn:aws:iam::123456789012:role/app"
ROOT, OTHER = "arn:aws:iam::123456789012:root", "arn:aws:iam::999999999999:root"
HOME = change(
    "aws_sns_topic.home",
    before={"arn": "arn:aws:sns:eu-central-1:123456789012:t"},
    after={"arn": "arn:aws:sns:eu-central-1:123456789012:t"},
)
READ = policy(statement(["s3:GetObject"], OBJECTS))
SECURE = {"Bool": {"aws:SecureTransport": "true"}}
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
OPTIONAL = {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}
FOR_ALL = {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}
DENY = statement("s3:DeleteObject", OBJECTS, effect="Deny")
GITHUB = {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}
AUDIENCE = {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}
SUBJECT = {"token.actions.githubusercontent.com:sub": "repo:example/my-app:pull_request"}
ANY_SUBJECT = {"token.actions.githubusercontent.com:sub": "repo:*"}
MANAGED = "arn:aws:iam::aws:policy"
NEW_ROLE = create("aws_iam_role.build", {"name": "build"})
NEW_PROVIDER = {"Federated": "${aws_iam_openid_connect_provider.github.arn}"}


def written(action: str, resource: str) -> ResourceChange:
    """A new policy of a role that is known only after apply, of which the synthesised stack tells."""
    text = policy(statement(action, resource))
    return replace(role_policy(None, UNKNOWN), written={"policy": text})


def trusted(principal: object, condition: Json | None = None) -> str:
    return policy(statement("sts:AssumeRole", principal=principal, condition=condition))


def everybody(condition: Json | None = None) -> str:
    return policy(statement("s3:GetObject", OBJECTS, principal="*", condition=condition))


EC2 = trusted({"Service": "ec2.amazonaws.com"})

CASES = [
    sees("access.everything", "may now s3:*", role_policy(READ, policy(statement("s3:*", OBJECTS)))),
    sees("access.everything", "s3:?*", role_policy(READ, policy(statement("s3:?*", OBJECTS)))),
    sees("access.everything", "*:*", role_policy(READ, policy(statement("*:*", OBJECTS)))),
    sees("access.everything", "do everything (*)", role_policy(None, policy(statement("*")))),
    sees(
        "access.everything",
        "everything but iam:*",
        role_policy(READ, policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
    ),
    sees("access.everything", "AdministratorAccess", attachment(f"{MANAGED}/AdministratorAccess")),
    sees(
        "access.everything",
        "s3:*",
        bucket_policy(None, policy(statement("s3:*", OBJECTS, principal={"AWS": ROLE}))),
    ),
    sees(
        "access.everything",
        "roles/owner",
        create(
            "google_project_iam_member.a",
            {"project": "p", "role": "roles/owner", "member": "user:a@example.com"},
        ),
    ),
    ignores(
        "access.everything", role_policy(READ, policy(statement(["s3:GetObject", "s3:PutObject"], OBJECTS)))
    ),
    ignores("access.everything", role_policy(policy(statement("s3:*", OBJECTS)), READ)),
    ignores(
        "access.everything", role_policy(policy(statement("*")), policy(statement("s3:*"), statement("*")))
    ),
    ignores("access.everything", key_policy(None, policy(statement("kms:*", principal={"AWS": ROOT})))),
    ignores(
        "access.everything",
        bucket_policy(
            None,
            policy(
                statement(
                    "s3:*",
                    OBJECTS,
                    effect="Deny",
                    principal="*",
                    condition={"Bool": {"aws:SecureTransport": "false"}},
                )
            ),
        ),
    ),
    ignores("access.everything", attachment(f"{MANAGED}/AmazonSSMManagedInstanceCore")),
    sees("access.public", "everyone s3:GetObject", bucket_policy(None, everybody())),
    sees("access.public", "everyone", bucket_policy(everybody(ORGANIZATION), everybody(SECURE))),
    sees("access.public", "where there is one", bucket_policy(None, everybody(OPTIONAL))),
    sees("access.public", "each of", bucket_policy(None, everybody(FOR_ALL))),
    sees("access.public", "everyone", trust(EC2, trusted({"AWS": "*"}))),
    sees(
        "access.public",
        "everyone",
        bucket_policy(None, everybody({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}})),
    ),
    sees(
        "access.public",
        "everyone",
        bucket_policy(None, everybody({"StringLike": {"aws:PrincipalOrgID": "*"}})),
    ),
    sees(
        "access.public",
        "everyone but",
        bucket_policy(
            None,
            policy(
                {
                    "Effect": "Allow",
                    "NotPrincipal": {"AWS": ROLE},
                    "Action": "s3:GetObject",
                    "Resource": OBJECTS,
                }
            ),
        ),
    ),
    sees(
        "access.public",
        "everyone lambda:InvokeFunction",
        create(
            "aws_lambda_permission.a",
            {"function_name": "f", "principal": "*", "action": "lambda:InvokeFunction"},
        ),
    ),
    sees(
        "access.public",
        "everyone",
        create(
            "google_storage_bucket_iam_member.a",
            {"bucket": "b", "role": "roles/storage.objectViewer", "member": "allUsers"},
        ),
    ),
    ignores("access.public", bucket_policy(None, everybody(ORGANIZATION))),
    ignores("access.public", bucket_policy(everybody(), everybody(ORGANIZATION))),
    ignores("access.public", bucket_policy(None, everybody({"StringEquals": {"aws:SourceVpce": "vpce-1"}}))),
    ignores(
        "access.public",
        bucket_policy(None, policy(statement("s3:GetObject", OBJECTS, principal={"AWS": ROLE}))),
    ),
    ignores("access.public", create("aws_vpc_endpoint.a", {"service_name": "s3", "policy": everybody()})),
    sees(
        "access.federated-anyone", "identities of", trust(None, trusted(GITHUB, {"StringEquals": AUDIENCE}))
    ),
    sees("access.federated-anyone", "repo:*", trust(None, trusted(GITHUB, {"StringLike": ANY_SUBJECT}))),
    ignores(
        "access.federated-anyone", trust(None, trusted(GITHUB, {"StringEquals": {**AUDIENCE, **SUBJECT}}))
    ),
    ignores("access.federated-anyone", trust(None, EC2)),
    sees("access.escalation", "iam:PutRolePolicy", role_policy(READ, policy(statement("iam:PutRolePolicy")))),
    sees("access.escalation", "iam:AttachRolePolicy", role_policy(READ, policy(statement("iam:Attach*")))),
    sees("access.escalation", "iam:PassRole", role_policy(READ, policy(statement("iam:PassRole")))),
    sees("access.escalation", "sts:AssumeRole", role_policy(READ, policy(statement("sts:AssumeRole")))),
    ignores("access.escalation", role_policy(READ, policy(statement("iam:GetRole")))),
    ignores("access.escalation", role_policy(READ, policy(statement("iam:PassRole", ROLE)))),
    ignores("access.escalation", role_policy(policy(statement("iam:PutRolePolicy")), READ)),
    sees("access.pass-role", "iam:PassRole", role_policy(READ, policy(statement("iam:PassRole", ROLE)))),
    ignores("access.pass-role", role_policy(READ, policy(statement("iam:PassRole")))),
    ignores("access.pass-role", role_policy(READ, policy(statement("iam:GetRole", ROLE)))),
    sees("access.full-access", "AmazonS3FullAccess", attachment(f"{MANAGED}/AmazonS3FullAccess")),
    ignores("access.full-access", attachment(f"{MANAGED}/AmazonS3ReadOnlyAccess")),
    ignores("access.full-access", attachment(f"{MANAGED}/AdministratorAccess")),
    sees("access.any-resource", "on everything", role_policy(READ, policy(statement("ssm:SendCommand")))),
    ignores("access.any-resource", role_policy(READ, policy(statement("ec2:DescribeInstances")))),
    ignores("access.any-resource", role_policy(READ, policy(statement("s3:PutObject", OBJECTS)))),
    sees(
        "access.deny-removed",
        "no longer denied s3:DeleteObject",
        role_policy(policy(statement("s3:GetObject"), DENY), policy(statement("s3:GetObject"))),
    ),
    ignores(
        "access.deny-removed",
        role_policy(policy(statement("s3:GetObject")), policy(statement("s3:GetObject"), DENY)),
    ),
    ignores(
        "access.deny-removed",
        bucket_policy(policy(DENY), None),
        delete("aws_s3_bucket.data", {"bucket": "data"}),
    ),
    sees(
        "access.loosened",
        "before only if",
        role_policy(policy(statement("s3:GetObject", OBJECTS, condition=SECURE)), READ),
    ),
    ignores(
        "access.loosened", role_policy(READ, policy(statement("s3:GetObject", OBJECTS, condition=SECURE)))
    ),
    ignores("access.loosened", role_policy(READ, policy(statement("s3:Get*", OBJECTS)))),
    sees(
        "access.trust",
        "service ecs-tasks.amazonaws.com",
        trust(EC2, trusted({"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]})),
    ),
    ignores("access.trust", trust(None, EC2)),
    ignores(
        "access.trust", trust(trusted({"Service": ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"]}), EC2)
    ),
    sees(
        "access.other-account",
        "account 999999999999 is not the plan's account",
        HOME,
        trust(None, trusted({"AWS": OTHER})),
    ),
    sees(
        "access.other-account",
        "999999999999",
        HOME,
        bucket_policy(None, policy(statement("s3:GetObject", OBJECTS, principal={"AWS": "999999999999"}))),
    ),
    ignores("access.other-account", HOME, trust(None, trusted({"AWS": ROOT}))),
    ignores("access.other-account", trust(None, trusted({"AWS": OTHER}))),
    sees(
        "access.boundary",
        "no longer bounded by policy limits",
        update(
            "aws_iam_role.build",
            {"name": "build", "permissions_boundary": "arn:aws:iam::123456789012:policy/limits"},
            {"name": "build", "permissions_boundary": ""},
        ),
    ),
    ignores(
        "access.boundary",
        update(
            "aws_iam_role.build",
            {"name": "build"},
            {"name": "build", "permissions_boundary": "arn:aws:iam::123456789012:policy/limits"},
        ),
    ),
    sees("access.unknown", "known only after apply", role_policy(READ, UNKNOWN)),
    sees("access.unknown", "it is not JSON", role_policy(READ, "{")),
    sees("access.unknown", "sensitive", role_policy(READ, Masked("sensitive", 1))),
    ignores("access.unknown", role_policy(UNKNOWN, READ)),
    sees("access.unknown", "known only after apply", role_policy(None, UNKNOWN)),
    sees("access.unknown", "in part", written("s3:GetObject", "${join(local.some)}")),
    sees("access.unknown", "now holds policy (known after apply)", attachment(UNKNOWN)),
    ignores("access.unknown", written("s3:GetObject", "${aws_s3_bucket.data.arn}/*")),
    sees("access.everything", "may now also s3:* on", written("s3:*", "${aws_s3_bucket.data.arn}/*")),
    sees("access.everything", "do everything (*)", written("*", "${join(local.some)}")),
    ignores("access.unknown", NEW_ROLE, role_policy(None, UNKNOWN)),
    sees("access.unknown-new", "known only after apply", NEW_ROLE, role_policy(None, UNKNOWN)),
    ignores("access.unknown-new", NEW_ROLE, written("s3:GetObject", "${aws_s3_bucket.data.arn}/*")),
    sees("access.federated-anyone", "aws_iam_openid", trust(None, trusted(NEW_PROVIDER))),
    ignores(
        "access.federated-anyone",
        trust(None, trusted(NEW_PROVIDER, {"StringEquals": {**AUDIENCE, **SUBJECT}})),
    ),
    ignores("access.unknown-new", role_policy(READ, UNKNOWN)),
    ignores("access.unknown-new", create("aws_sns_topic.a", {"name": "a", "policy": UNKNOWN})),
    sees("access.long-lived-key", "password or key", create("aws_iam_access_key.a", {"user": "ci"})),
    ignores("access.long-lived-key", delete("aws_iam_access_key.a", {"user": "ci"})),
]
