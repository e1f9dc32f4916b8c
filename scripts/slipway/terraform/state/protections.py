"""The protections of the state bucket: each is checked first, and added only if it is missing.

The bucket's other lifecycle rules, policy statements and tags are not changed.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any  # what S3 answers, and what it is sent, is JSON

from slipway.aws.errors import AwsError
from slipway.terraform.state.bucket import StateBucket

RULE = "slipway-old-state"
TLS_ONLY, KEPT = "SlipwayTlsOnly", "SlipwayKeepState"
KEPT_DAYS = 365
KEPT_VERSIONS = 100  # the most that a lifecycle rule can keep
Statement = dict[str, object]
ENCRYPTED = "ApplyServerSideEncryptionByDefault"


@dataclass(frozen=True)
class Protection:
    """One protection of the bucket: how to check it, and how to add it.

    what: its name for the user. name: of S3's operations, after Get and Put. key: of the configuration in the
    request and, if the response is not the configuration itself, in the response. unset: S3's error code if
    it was never set. lacks: whether a configuration must be changed. mended: the changed configuration.
    """

    what: str
    name: str
    key: str
    unset: str
    lacks: Callable[[StateBucket, Any], bool]
    mended: Callable[[StateBucket, Any], object]

    def holds(self, bucket: StateBucket) -> bool:
        """Whether the bucket has this protection."""
        return not self.lacks(bucket, self.read(bucket))

    def put(self, bucket: StateBucket) -> None:
        """Add this protection to the bucket."""
        self._call("put", bucket, **{self.key: self.mended(bucket, self.read(bucket))})

    def read(self, bucket: StateBucket) -> Any:  # noqa: ANN401 - JSON
        """The bucket's current configuration; empty if it was never set."""
        try:
            answer = self._call("get", bucket)
        except AwsError as error:
            if error.code == self.unset:
                return {}
            raise
        return answer.get(self.key, answer)

    def _call(self, verb: str, bucket: StateBucket, **parameters: object) -> Mapping[str, Any]:
        call = getattr(bucket.s3, f"{verb}_{self.name}")
        answer: Mapping[str, Any] = call(Bucket=bucket.name, ExpectedBucketOwner=bucket.account, **parameters)
        return answer


def _always(wanted: Mapping[str, object]) -> Callable[[StateBucket, Any], object]:
    return lambda _bucket, _there: wanted


PRIVATE = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
ONE_OWNER = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def _is_not_encrypted(_bucket: StateBucket, there: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether default encryption is missing; any key counts, so that a team's own key is kept."""
    return not any(ENCRYPTED in rule for rule in there.get("Rules", ()))


def _keeps_old_versions(_bucket: StateBucket, there: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether the lifecycle rule is missing; the number of versions is not checked, as emulators omit it."""
    return not any(
        rule.get("ID") == RULE
        and rule["Status"] == "Enabled"
        and rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays") == KEPT_DAYS
        for rule in there.get("Rules", ())
    )


def _with_our_rule(_bucket: StateBucket, there: Any) -> object:  # noqa: ANN401 - JSON
    ours = {
        "ID": RULE,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {
            "NoncurrentDays": KEPT_DAYS,
            "NewerNoncurrentVersions": KEPT_VERSIONS,
        },
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    return {"Rules": [*(rule for rule in there.get("Rules", ()) if rule.get("ID") != RULE), ours]}


def tls_only(bucket: str) -> Statement:
    """The policy statement that denies requests without TLS."""
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Sid": TLS_ONLY,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def kept(bucket: str) -> Statement:
    """The policy statement that denies deletion of the bucket and of object versions.

    Deleting an object without a version id only adds a delete marker: so Terraform can release its lock.
    """
    arn = f"arn:aws:s3:::{bucket}"
    return {
        "Sid": KEPT,
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:DeleteBucket", "s3:DeleteObjectVersion"],
        "Resource": [arn, f"{arn}/*"],
    }


def lift(bucket: StateBucket) -> None:
    """Remove the policy statement that denies deletion, before the bucket is deleted."""
    policy = KEPT_STATEMENT.read(bucket)
    others = [statement for statement in _statements(policy) if statement.get("Sid") != KEPT]
    if others != _statements(policy):
        bucket.s3.put_bucket_policy(
            Bucket=bucket.name, ExpectedBucketOwner=bucket.account, Policy=_policy(others)
        )


def _statements(policy: Any) -> list[Statement]:  # noqa: ANN401 - JSON
    statements = json.loads(policy)["Statement"] if policy else []
    return statements if isinstance(statements, list) else [statements]


def _policy(statements: list[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _statement(what: str, ours: Callable[[str], Statement]) -> Protection:
    """A protection that is a statement of the bucket's policy; other statements are kept."""

    def lacks(bucket: StateBucket, policy: Any) -> bool:  # noqa: ANN401 - JSON
        return ours(bucket.name) not in _statements(policy)

    def mended(bucket: StateBucket, policy: Any) -> str:  # noqa: ANN401 - JSON
        statement = ours(bucket.name)
        others = [other for other in _statements(policy) if other.get("Sid") != statement["Sid"]]
        return _policy([*others, statement])

    return Protection(what, "bucket_policy", "Policy", "NoSuchBucketPolicy", lacks, mended)


KEPT_STATEMENT = _statement("policy: deleting the bucket or a version is denied", kept)


def _tags(there: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    return {tag["Key"]: tag["Value"] for tag in there.get("TagSet", ())}


def _with_our_tags(bucket: StateBucket, there: Any) -> object:  # noqa: ANN401 - JSON
    tags = {**_tags(there), **bucket.tags}
    return {"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}


PROTECTIONS = (
    Protection(
        "public access block",
        *("public_access_block", "PublicAccessBlockConfiguration", "NoSuchPublicAccessBlockConfiguration"),
        lambda _, there: not PRIVATE.items() <= there.items(),
        _always(PRIVATE),
    ),
    Protection(
        "object ownership: BucketOwnerEnforced",
        *("bucket_ownership_controls", "OwnershipControls", "OwnershipControlsNotFoundError"),
        lambda _, there: there.get("Rules") != ONE_OWNER["Rules"],
        _always(ONE_OWNER),
    ),
    Protection(
        "default encryption",
        *("bucket_encryption", "ServerSideEncryptionConfiguration"),
        "ServerSideEncryptionConfigurationNotFoundError",
        _is_not_encrypted,
        _always({"Rules": [{ENCRYPTED: {"SSEAlgorithm": "AES256"}}]}),
    ),
    Protection(
        "versioning",
        *("bucket_versioning", "VersioningConfiguration", ""),
        lambda _, there: there.get("Status") != "Enabled",
        _always({"Status": "Enabled"}),
    ),
    Protection(
        f"lifecycle rule: versions beyond the newest {KEPT_VERSIONS} expire after {KEPT_DAYS} days",
        *("bucket_lifecycle_configuration", "LifecycleConfiguration", "NoSuchLifecycleConfiguration"),
        _keeps_old_versions,
        _with_our_rule,
    ),
    _statement("policy: requests without TLS are denied", tls_only),
    KEPT_STATEMENT,
    Protection(
        "tags",
        *("bucket_tagging", "Tagging", "NoSuchTagSet"),
        lambda bucket, there: not bucket.tags.items() <= _tags(there).items(),
        _with_our_tags,
    ),
)
