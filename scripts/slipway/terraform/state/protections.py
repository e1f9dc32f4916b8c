"""What the state bucket has to have: each thing is looked for first, and put only where it is missing.

What a bucket has besides (other lifecycle rules, policy statements, tags) stays as it is.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from slipway.aws.errors import AwsError
from slipway.terraform.state.bucket import StateBucket

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import LifecycleRuleUnionTypeDef

T = TypeVar("T")

RULE = "slipway-old-state"
STATEMENT = "SlipwayTlsOnly"
KEPT_DAYS = 365
KEPT_VERSIONS = 100  # the most that a lifecycle rule can keep
BLOCKED = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@dataclass(frozen=True)
class Protection:
    """One thing that the bucket has to have: whether it has it, and how it gets it."""

    what: str
    holds: Callable[[StateBucket], bool]
    put: Callable[[StateBucket], None]


def _unless(call: Callable[[], T], code: str) -> T | None:
    """What a Get call answers; None where AWS says by this code that it was never set."""
    try:
        return call()
    except AwsError as error:
        if error.code == code:
            return None
        raise


# no public access


def _is_private(bucket: StateBucket) -> bool:
    blocked = _unless(
        lambda: bucket.s3.get_public_access_block(Bucket=bucket.name, ExpectedBucketOwner=bucket.account)[
            "PublicAccessBlockConfiguration"
        ],
        "NoSuchPublicAccessBlockConfiguration",
    )
    return blocked is not None and all(blocked.get(each) for each in BLOCKED)


def _make_private(bucket: StateBucket) -> None:
    bucket.s3.put_public_access_block(
        Bucket=bucket.name,
        ExpectedBucketOwner=bucket.account,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )


# no access control lists


def _has_one_owner(bucket: StateBucket) -> bool:
    rules = _unless(
        lambda: bucket.s3.get_bucket_ownership_controls(
            Bucket=bucket.name, ExpectedBucketOwner=bucket.account
        )["OwnershipControls"]["Rules"],
        "OwnershipControlsNotFoundError",
    )
    return any(rule["ObjectOwnership"] == "BucketOwnerEnforced" for rule in rules or ())


def _give_one_owner(bucket: StateBucket) -> None:
    bucket.s3.put_bucket_ownership_controls(
        Bucket=bucket.name,
        ExpectedBucketOwner=bucket.account,
        OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    )


# encryption


def _is_encrypted(bucket: StateBucket) -> bool:
    """By whatever key: a key of the team's own is not taken away."""
    rules = _unless(
        lambda: bucket.s3.get_bucket_encryption(Bucket=bucket.name, ExpectedBucketOwner=bucket.account)[
            "ServerSideEncryptionConfiguration"
        ]["Rules"],
        "ServerSideEncryptionConfigurationNotFoundError",
    )
    return any("ApplyServerSideEncryptionByDefault" in rule for rule in rules or ())


def _encrypt(bucket: StateBucket) -> None:
    bucket.s3.put_bucket_encryption(
        Bucket=bucket.name,
        ExpectedBucketOwner=bucket.account,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )


# versions


def _is_versioned(bucket: StateBucket) -> bool:
    answer = bucket.s3.get_bucket_versioning(Bucket=bucket.name, ExpectedBucketOwner=bucket.account)
    return answer.get("Status") == "Enabled"


def _version(bucket: StateBucket) -> None:
    bucket.s3.put_bucket_versioning(
        Bucket=bucket.name, ExpectedBucketOwner=bucket.account, VersioningConfiguration={"Status": "Enabled"}
    )


# old versions expire


def _rules(bucket: StateBucket) -> "list[LifecycleRuleUnionTypeDef]":
    rules = _unless(
        lambda: bucket.s3.get_bucket_lifecycle_configuration(
            Bucket=bucket.name, ExpectedBucketOwner=bucket.account
        )["Rules"],
        "NoSuchLifecycleConfiguration",
    )
    return list(rules or ())


def _expires_old_versions(bucket: StateBucket) -> bool:
    """By our rule, switched on, with its days; how many it keeps, not every emulator says."""
    ours = [rule for rule in _rules(bucket) if rule.get("ID") == RULE and rule["Status"] == "Enabled"]
    return any(
        rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays") == KEPT_DAYS for rule in ours
    )


def _expire_old_versions(bucket: StateBucket) -> None:
    ours: LifecycleRuleUnionTypeDef = {
        "ID": RULE,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {
            "NoncurrentDays": KEPT_DAYS,
            "NewerNoncurrentVersions": KEPT_VERSIONS,
        },
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    others = [rule for rule in _rules(bucket) if rule.get("ID") != RULE]
    bucket.s3.put_bucket_lifecycle_configuration(
        Bucket=bucket.name,
        ExpectedBucketOwner=bucket.account,
        LifecycleConfiguration={"Rules": [*others, ours]},
    )


# TLS only


def _statements(bucket: StateBucket) -> list[dict[str, object]]:
    text = _unless(
        lambda: bucket.s3.get_bucket_policy(Bucket=bucket.name, ExpectedBucketOwner=bucket.account)["Policy"],
        "NoSuchBucketPolicy",
    )
    statements = json.loads(text)["Statement"] if text else []
    return statements if isinstance(statements, list) else [statements]


def tls_only(bucket: str) -> dict[str, object]:
    """The statement that refuses whoever does not come over TLS."""
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Sid": STATEMENT,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _refuses_plain_http(bucket: StateBucket) -> bool:
    return tls_only(bucket.name) in _statements(bucket)


def _refuse_plain_http(bucket: StateBucket) -> None:
    others = [each for each in _statements(bucket) if each.get("Sid") != STATEMENT]
    policy = {"Version": "2012-10-17", "Statement": [*others, tls_only(bucket.name)]}
    bucket.s3.put_bucket_policy(
        Bucket=bucket.name, ExpectedBucketOwner=bucket.account, Policy=json.dumps(policy)
    )


# tags


def _tags(bucket: StateBucket) -> dict[str, str]:
    found = _unless(
        lambda: bucket.s3.get_bucket_tagging(Bucket=bucket.name, ExpectedBucketOwner=bucket.account)[
            "TagSet"
        ],
        "NoSuchTagSet",
    )
    return {tag["Key"]: tag["Value"] for tag in found or ()}


def _is_tagged(bucket: StateBucket) -> bool:
    return bucket.tags.items() <= _tags(bucket).items()


def _tag(bucket: StateBucket) -> None:
    tags = {**_tags(bucket), **bucket.tags}
    bucket.s3.put_bucket_tagging(
        Bucket=bucket.name,
        ExpectedBucketOwner=bucket.account,
        Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]},
    )


PROTECTIONS = (
    Protection("public access is blocked", _is_private, _make_private),
    Protection("everything in it is its owner's", _has_one_owner, _give_one_owner),
    Protection("it is encrypted", _is_encrypted, _encrypt),
    Protection("it keeps old versions", _is_versioned, _version),
    Protection(
        f"versions past the newest {KEPT_VERSIONS} expire after {KEPT_DAYS} days",
        _expires_old_versions,
        _expire_old_versions,
    ),
    Protection("it is reached over TLS only", _refuses_plain_http, _refuse_plain_http),
    Protection("it is tagged", _is_tagged, _tag),
)
