"""A private, versioned, encrypted S3 bucket that refuses plain HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass

from constructs_lib.arn import arn
from constructs_lib.key import KnownKey
from constructs_lib.policy import Statement, deny_without_tls, document

from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_notification import S3BucketNotification
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct


@dataclass(frozen=True)
class Expiry:
    """Objects whose keys begin with ``prefix`` are deleted ``days`` days after they were written."""

    prefix: str
    days: int


class Bucket(Construct):
    """A bucket for one purpose, with all of S3's blocks on public access.

    name: 3 to 63 characters, unique in all of AWS.
    key: the KMS key that objects are encrypted with. Default: S3's own keys (SSE-S3).
    statements: added to the bucket policy, which always denies plain HTTP. Default: none.
    expiries: which current objects are deleted by age. Default: none.
    noncurrent_days: how long overwritten and deleted versions are kept, in days. Default: 30.
    sends_events: whether S3 sends the bucket's events, such as "Object Created", to EventBridge. Default: no.

    >>> bucket = Bucket(stack, "exports", name="my-app-exports", expiries=[Expiry("daily/", 90)])
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        key: KnownKey | None = None,
        statements: Sequence[Statement] = (),
        expiries: Sequence[Expiry] = (),
        noncurrent_days: int = 30,
        sends_events: bool = False,
    ) -> None:
        super().__init__(scope, id)
        self.name = name
        self.arn = arn("s3", name)
        self.resource = S3Bucket(self, "bucket", bucket=name)
        self._reference = self.resource.id  # read once: every access is a call to the Node process
        self._close()
        self._encrypt(key)
        self.versioning = S3BucketVersioningA(
            self,
            "versioning",
            bucket=self._reference,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        self.policy = S3BucketPolicy(
            self,
            "policy",
            bucket=self._reference,
            policy=document(deny_without_tls(self.arn, f"{self.arn}/*"), *statements),
            depends_on=[self.public_access_block],  # S3 refuses to change both at the same time
        )
        self.lifecycle = S3BucketLifecycleConfiguration(
            self,
            "lifecycle",
            bucket=self._reference,
            rule=[_noncurrent(noncurrent_days), *(_expiry(expiry) for expiry in expiries)],
            depends_on=[self.versioning],
        )
        if sends_events:
            self.events = S3BucketNotification(self, "events", bucket=self._reference, eventbridge=True)

    def _close(self) -> None:
        self.public_access_block = S3BucketPublicAccessBlock(
            self,
            "public-access-block",
            bucket=self._reference,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        self.ownership = S3BucketOwnershipControls(
            self,
            "ownership",
            bucket=self._reference,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
        )

    def _encrypt(self, key: KnownKey | None) -> None:
        default = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="aws:kms" if key else "AES256", kms_master_key_id=key.arn if key else None
        )
        self.encryption = S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=self._reference,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=default,
                    bucket_key_enabled=True if key else None,
                )
            ],
        )


def _noncurrent(days: int) -> S3BucketLifecycleConfigurationRule:
    return S3BucketLifecycleConfigurationRule(
        id="noncurrent",
        status="Enabled",
        filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
        noncurrent_version_expiration=[
            S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(noncurrent_days=days)
        ],
        abort_incomplete_multipart_upload=[
            S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=7)
        ],
    )


def _expiry(expiry: Expiry) -> S3BucketLifecycleConfigurationRule:
    return S3BucketLifecycleConfigurationRule(
        id=f"expire-{expiry.prefix.strip('/').replace('/', '-')}",
        status="Enabled",
        filter=[S3BucketLifecycleConfigurationRuleFilter(prefix=expiry.prefix)],
        expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=expiry.days)],
    )
