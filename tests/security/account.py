"""The roles and policies of a synthesised pipeline, as in an account after everything is applied.

What Terraform would only know after an apply (the ids of keys and connections) is made up here, the same in
each run; every other reference is resolved to the ARN that it will be.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from uuid import NAMESPACE_URL, uuid5

from modules import keys
from modules.config.names import Names
from tests.security.evaluation import Context, Question, Statement
from tests.settings import variants
from tests.synthesis import Resource, Synthesised, synthesised

ISSUER = "token.actions.githubusercontent.com"
REFERENCE = re.compile(
    r"\$\{(?P<data>data\.)?(?P<type>aws_[a-z0-9_]+)\.(?P<id>[^.}]+)\.(?P<attribute>[a-z_]+)\}"
)


@dataclass(frozen=True)
class Role:
    """A role: its kind, its trust policy, its policies by purpose, and its boundary."""

    kind: str
    environment: str
    name: str
    arn: str
    trust: tuple[Statement, ...]
    permissions: Mapping[str, tuple[Statement, ...]]
    boundary: str | None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements of its policies."""
        return tuple(each for purpose in self.permissions.values() for each in purpose)

    def with_statements(self, statements: tuple[Statement, ...]) -> "Role":
        """The same role with only these statements."""
        return replace(self, permissions={"changed": statements})


@dataclass(frozen=True)
class Account:
    """All policies that decide on requests."""

    synthesised: Synthesised

    @cached_property
    def names(self) -> Names:
        return Names.of(self.synthesised.pipeline)

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """Each role by name, except the role that CI applies with (tests/security/applying.py)."""
        roles = self.synthesised.resources("aws_iam_role")
        return {role["name"]: self._role(role) for role in roles if role["name"] != self.names.apply_role}

    @cached_property
    def people(self) -> Mapping[str, Role]:
        """Roles with only one of the managed policies for people: ``viewer`` and ``operator``."""
        kinds = {self.names.viewer_policy: "viewer", self.names.operator_policy: "operator"}
        found = {}
        for resource in self.synthesised.resources("aws_iam_policy"):
            if resource["name"] not in kinds:
                continue  # applying.py's, and what tests/modules/test_command_permissions.py looks at
            kind, name = kinds[resource["name"]], resource["name"]
            granted = {name: self._resolved(resource, resource["policy"])}
            found[kind] = Role(kind, "", name, self.names.role_arn(f"a-{kind}"), (), granted, None)
        return found

    @cached_property
    def resource_policies(self) -> Mapping[str, tuple[Statement, ...]]:
        """The policies of keys, buckets, repositories and topics, by the ARN of the resource."""
        found = {}
        for policy in self.synthesised.policies():
            if where := self._where(policy.owner):
                found[where] = self._resolved(policy.owner, policy.owner["policy"])
        for arn in self.names.existing_keys:  # with what it must allow, and nothing else
            found[arn] = tuple(each.render() for each in keys.required(self.names, arn))
        return found

    def documents(self) -> Iterator[tuple[str, str | None, tuple[Statement, ...]]]:
        """Each policy: the path of its construct, the ARN of its resource if it has one, its statements."""
        for policy in self.synthesised.policies():
            owner = policy.owner
            trust = owner.type == "aws_iam_role"
            where = self.names.role_arn(owner["name"]) if trust else self._where(owner)
            yield owner.path, where, self._resolved(owner, owner[policy.attribute])

    def made(self, resource: Resource) -> str:
        """The ARN that a resource will have, for types whose ids AWS generates."""
        return self._arn(resource)

    def key(self, alias: str) -> str:
        """The ARN of the key that an alias refers to, or that exists already in its place."""
        names = self.names
        existing = {
            **dict.fromkeys((names.key_alias, names.delivery_key_alias), names.pipeline.key_arn),
            **{environment.key_alias: environment.key_arn for environment in names.environments},
        }
        return existing.get(alias) or names.arn("kms", f"key/{_made_up(alias)}")

    @property
    def oidc_provider(self) -> str:
        """The ARN of GitHub's provider."""
        return f"arn:aws:iam::{self.names.account}:oidc-provider/{ISSUER}"

    @property
    def connection(self) -> str:
        """The ARN of the stacks' own connection, or of the one in the settings."""
        given = self.synthesised.pipeline.source.connection_arn
        return given or self.names.arn("codestar-connections", f"connection/{_made_up('connection')}")

    def changed(self, role: Role) -> "Account":
        """The same account with this role in place of the one of its name."""
        other = Account(self.synthesised)
        other.__dict__.update(self.__dict__, roles={**self.roles, role.name: role})
        return other

    def question(self, role: Role, action: str, resource: str, context: Context | None = None) -> Question:
        """A request of a role, with the resource policies and the role's context keys."""
        return Question(
            who=role.arn,
            action=action,
            resource=resource,
            owner=owner(resource, self.names.account),
            context={"aws:PrincipalArn": role.arn, **(context or {})},
            identity=role.statements,
            on_resource=self.policy_on(resource),
        )

    def policy_on(self, resource: str) -> tuple[Statement, ...]:
        """The resource policy of a resource; for an object, its bucket's."""
        return self.resource_policies.get(
            resource.partition("/")[0] if ":s3:::" in resource else resource, ()
        )

    def _role(self, resource: Resource) -> Role:
        name, reference = resource["name"], f"${{aws_iam_role.{resource.id}.name}}"
        inline = [
            each
            for each in self.synthesised.resources("aws_iam_role_policy")
            if each.stack == resource.stack and each["role"] == reference
        ]
        kind, environment = kinds(self.names)[name]
        return Role(
            kind=kind,
            environment=environment,
            name=name,
            arn=self.names.role_arn(name),
            trust=self._resolved(resource, resource["assume_role_policy"]),
            permissions={each["name"]: self._resolved(each, each["policy"]) for each in inline},
            boundary=resource.get("permissions_boundary"),
        )

    def _where(self, owner: Resource) -> str | None:
        """The ARN of a resource policy's resource."""
        if owner.type == "aws_kms_key":
            return self._arn(owner)
        attributes = {"aws_s3_bucket_policy": "bucket", "aws_ecr_repository_policy": "repository"}
        attributes["aws_sns_topic_policy"] = "arn"
        if owner.type not in attributes:
            return None
        match = REFERENCE.fullmatch(owner[attributes[owner.type]])
        assert match, f"{owner.path} names what it is on by something else than a reference"
        return self._arn(self._referred(owner.stack, match))

    def _resolved(self, owner: Resource, policy: str) -> tuple[Statement, ...]:
        def arn(match: re.Match[str]) -> str:
            assert match["attribute"] == "arn", match[0]
            if match["data"]:
                return {"aws_codestarconnections_connection": self.connection}[match["type"]]
            return self._arn(self._referred(owner.stack, match))

        return tuple(json.loads(REFERENCE.sub(arn, policy))["Statement"])

    def _referred(self, stack: str, match: re.Match[str]) -> Resource:
        return next(
            resource
            for resource in self.synthesised.resources(match["type"])
            if (resource.stack, resource.id) == (stack, match["id"])
        )

    def _arn(self, resource: Resource) -> str:
        """The ARN that a resource will have."""
        arn, named = self.names.arn, resource.get
        arns: dict[str, Callable[[], str]] = {
            "aws_cloudwatch_log_group": lambda: arn("logs", f"log-group:{named('name')}"),
            "aws_codestarconnections_connection": lambda: self.connection,
            "aws_ecr_repository": lambda: arn("ecr", f"repository/{named('name')}"),
            "aws_iam_openid_connect_provider": lambda: self.oidc_provider,
            "aws_kms_key": lambda: self.key(self._alias(resource)),
            "aws_security_group": lambda: arn("ec2", f"security-group/{_made_up(resource.path)}"),
            "aws_subnet": lambda: arn("ec2", f"subnet/{_made_up(resource.path)}"),
            "aws_s3_bucket": lambda: self.names.bucket_arn(named("bucket")),
            "aws_sns_topic": lambda: arn("sns", named("name")),
        }
        return arns[resource.type]()

    def _alias(self, key: Resource) -> str:
        (alias,) = self.synthesised.referring_to(key, "aws_kms_alias")
        return str(alias["name"])


@cache
def account(variant: str) -> Account:
    """The account of one of ``tests.settings.variants``."""
    return Account(synthesised(variant))


def kinds(names: Names) -> dict[str, tuple[str, str]]:
    """The kind and the environment of each role in the settings, by its name."""
    found = {names.build_role: ("build", ""), names.pipeline_role: ("pipeline", "")}
    if names.pipeline.source.s3:
        found[names.source_event_role] = ("source-events", "")
    if names.pipeline.access:
        found[names.plan_role] = ("plan", "")
    for environment in names.environments:
        found[environment.host_role] = ("host", environment.environment)
        found[environment.deploy_role] = ("deploy", environment.environment)
        found[environment.flow_log_role] = ("flow-logs", environment.environment)
        if names.pipeline.release:
            found[environment.run_role] = ("command", environment.environment)
    return found


def role_names(variant: str) -> list[str]:
    """The names of a variant's roles, without synthesising it: for tests with one case per role."""
    return list(kinds(Names.of(variants()[variant])))


def owner(resource: str, account: str) -> str:
    """The account of a resource; for a bucket, whose ARN has none, the pipeline's own."""
    parts = resource.split(":")
    return parts[4] if len(parts) > 4 and parts[4] else account


def _made_up(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))
