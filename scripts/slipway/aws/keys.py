"""KMS keys that exist already: their state and policy."""

from dataclasses import dataclass

from slipway.aws.clients import Aws
from slipway.aws.errors import AwsError


@dataclass(frozen=True)
class EncryptionKey:
    """A key: what it is for (usage and spec), its state, who manages it (AWS or CUSTOMER), and its policy."""

    usage: str
    spec: str
    state: str
    manager: str
    policy: str


def encryption_key(aws: Aws, arn: str) -> EncryptionKey | None:
    """A key of this account; None if there is none with this ARN."""
    try:
        found = aws.kms.describe_key(KeyId=arn)["KeyMetadata"]
    except AwsError as error:
        if error.code == "NotFoundException":
            return None
        raise
    return EncryptionKey(
        found.get("KeyUsage", ""),
        found.get("KeySpec", ""),
        found.get("KeyState", ""),
        found.get("KeyManager", ""),
        key_policy(aws, arn),
    )


def key_policy(aws: Aws, key: str) -> str:
    """The policy of a key of this account, as JSON. key: its id or ARN."""
    return aws.kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
