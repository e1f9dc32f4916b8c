"""The KMS key for everything that one stack encrypts: created with an alias, or one that exists already."""

from collections.abc import Sequence
from typing import TypeAlias

from constructs_lib.lookup import LookupCondition, postcondition
from constructs_lib.place import Place, place_of
from constructs_lib.policy import Statement, document
from constructs_lib.role import Role

from cdktf_cdktf_provider_aws.data_aws_kms_key import DataAwsKmsKey
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct


class NamedKey:
    """A key of another stack, known by its alias.

    alias: ``alias/…``.
    account, region: where the key is.

    An IAM policy cannot name a key by its alias in ``Resource``, but in the condition
    ``kms:ResourceAliases`` (docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html).
    The condition tests the aliases of the key that encrypted the data. A replaced key that must still
    decrypt therefore needs an alias that is allowed too, one that begins with ``<alias>/replaced``.
    """

    def __init__(self, *, alias: str, account: str, region: str) -> None:
        self.alias = alias
        place = Place(account, region)
        self.reference = place.arn("kms", alias)
        self._keys = place.arn("kms", "key/*")

    def statement(self, *actions: str, via: str | None = None) -> Statement:
        """Return a statement that allows ``actions`` on the key.

        via: the AWS service that must call KMS on the caller's behalf, as ``kms:ViaService`` names it
            (``s3.eu-central-1.amazonaws.com``). Default: none; the caller may call KMS directly.
        """
        conditions: dict[str, dict[str, str | list[str]]] = {
            "ForAnyValue:StringLike": {"kms:ResourceAliases": [self.alias, f"{self.alias}/replaced*"]}
        }
        if via:
            conditions["StringEquals"] = {"kms:ViaService": via}
        return Statement(actions=actions, resources=[self._keys], conditions=conditions)


class KnownKey:
    """A key known by its ARN; it has the same statements as ``NamedKey``.

    arn: the ARN of the key, not of an alias.
    """

    def __init__(self, arn: str) -> None:
        self.arn = arn

    @property
    def reference(self) -> str:
        """The ARN by which a service is told to use the key; of ``NamedKey``, the alias's."""
        return self.arn

    def statement(self, *actions: str, via: str | None = None) -> Statement:
        """Return a statement that allows ``actions`` on the key; ``via`` as in ``NamedKey.statement``."""
        conditions = {"StringEquals": {"kms:ViaService": via}} if via else {}
        return Statement(actions=actions, resources=[self.arn], conditions=conditions)

    def grant_decrypt(self, role: Role, purpose: str, *, context: dict[str, str]) -> None:
        """Let a role decrypt what was encrypted with a given encryption context.

        role: the role.
        purpose: the name of the inline policy: letters, digits and hyphens, unique in the role.
        context: values by context key; ``*`` and ``?`` are allowed in a value.
        """
        conditions = {f"kms:EncryptionContext:{key}": value for key, value in context.items()}
        role.allow(
            purpose,
            Statement(actions=["kms:Decrypt"], resources=[self.arn], conditions={"StringLike": conditions}),
        )


UsableKey: TypeAlias = NamedKey | KnownKey
"""A key that a stack only uses: another stack's, or one that exists already."""


class Key(Construct, KnownKey):
    """A symmetric KMS key that is rotated every year and deleted only 30 days after a request.

    IAM policies of the stack's account decide who may use it.

    alias: ``alias/…``, the name by which other stacks know it.
    services: key policy statements for AWS services that use the key themselves; see ``service_use``
        and ``logs_use``. Default: none.
    description: what the key is for, as the console shows it.

    >>> key = Key(stack, "key", description="What my-app stores.", alias="alias/my-app",
    ...     services=[logs_use(stack.place)])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        description: str,
        alias: str,
        services: Sequence[Statement] = (),
    ) -> None:
        Construct.__init__(self, scope, id)
        self.place = place_of(scope)
        self.resource = KmsKey(
            self,
            "key",
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=document(account_use(self.place), *services),
        )
        self.alias = KmsAlias(self, "alias", name=alias, target_key_id=self.resource.key_id)
        KnownKey.__init__(self, self.resource.arn)


class ExistingKey(Construct, KnownKey):
    """A key that exists already, used as ``Key`` is; neither it nor its policy or aliases are changed.

    arn: its ARN, in the stack's account and region. Its policy must contain what the policy of a ``Key``
        with the same users would: ``account_use``, ``service_use``, ``logs_use``. A plan fails if there is
        no such key, or if it is not an enabled, symmetric, customer managed key. It does not read the policy.

    >>> key = ExistingKey(stack, "key",
    ...     arn="arn:aws:kms:eu-central-1:123456789012:key/12345678-90ab-4def-8234-567890abcdef")
    """

    def __init__(self, scope: Construct, id: str, *, arn: str) -> None:
        Construct.__init__(self, scope, id)
        KnownKey.__init__(self, arn)
        self.data = DataAwsKmsKey(
            self, "key", key_id=arn, lifecycle=postcondition(_OF_A_CUSTOMER, _SYMMETRIC, _ENABLED)
        )


_OF_A_CUSTOMER = LookupCondition(
    'self.key_manager == "CUSTOMER"',
    "The key ${self.arn} is managed by AWS, so its policy cannot let other services use it. Name a customer"
    " managed key.",
)
_SYMMETRIC = LookupCondition(
    'self.key_usage == "ENCRYPT_DECRYPT" && self.key_spec == "SYMMETRIC_DEFAULT"',
    "The key ${self.arn} is for ${self.key_usage} with ${self.key_spec}, but CloudWatch Logs, S3, ECR and SNS"
    " need a symmetric key for ENCRYPT_DECRYPT. Name such a key.",
)
_ENABLED = LookupCondition(
    'self.key_state == "Enabled"',
    "The key ${self.arn} is in the state ${self.key_state}, in which nothing can be encrypted. Enable it, or"
    " name another key.",
)


def service_use(service: str) -> Statement:
    """Return a key policy statement: an AWS service may encrypt and decrypt with the key.

    service: its service principal, such as ``events.amazonaws.com``.

    The statement has no condition on the source: AWS supports none in key policies for EventBridge
    (docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption.html), and events to an encrypted
    topic would be lost without an error.
    """
    return Statement(
        sid=f"Use{service.split('.', maxsplit=1)[0].capitalize()}",
        principals={"Service": [service]},
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        resources=["*"],
    )


def logs_use(place: Place) -> Statement:
    """Return a key policy statement: CloudWatch Logs may encrypt the log groups of a stack with the key.

    place: the account and region of the stack.

    docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    return Statement(
        sid="UseLogs",
        principals={"Service": [f"logs.{place.region}.amazonaws.com"]},
        actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": place.arn("logs", "log-group:*")}},
    )


def account_use(place: Place, actions: Sequence[str] = ("kms:*",)) -> Statement:
    """Return a key policy statement: IAM policies of the account decide who may call the ``actions``.

    place: the account. actions: Default: all, as AWS's own default, so that the account can always administer
        the key.
    """
    return Statement(
        sid="AccountDecides",
        principals={"AWS": [place.global_arn("iam", "root")]},
        actions=actions,
        resources=["*"],
    )
