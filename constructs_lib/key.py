"""A KMS key with an alias, for everything that one stack encrypts."""

from collections.abc import Sequence

from constructs_lib.place import Place, place_of
from constructs_lib.policy import Statement, document
from constructs_lib.role import Role

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
        self.alias_arn = place.arn("kms", alias)
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


class Key(Construct):
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
        super().__init__(scope, id)
        self.place = place_of(scope)
        self.resource = KmsKey(
            self,
            "key",
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=document(_administration(self.place), *services),
        )
        self.alias = KmsAlias(self, "alias", name=alias, target_key_id=self.resource.key_id)
        self.arn = self.resource.arn

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


def _administration(place: Place) -> Statement:
    """AWS's default: IAM policies of the account decide, so the account can always administer the key."""
    return Statement(
        sid="AccountDecides",
        principals={"AWS": [place.global_arn("iam", "root")]},
        actions=["kms:*"],
        resources=["*"],
    )
