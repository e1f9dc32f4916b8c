"""What exists of keys, buckets, repositories and their settings: found by name."""

from collections.abc import Callable, Iterator

from slipway.aws.existing.wanted import Existing, Reader, Wanted

Search = Callable[[Reader, Wanted], Iterator[Existing]]
NO_BUCKET = ("404", "NoSuchBucket")


def key(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The key to which the planned alias points: AWS names keys itself."""
    for alias in wanted.referring("aws_kms_alias", "target_key_id"):
        found = read.one("kms", "DescribeKey", "NotFoundException", KeyId=alias.text("name"))
        if found and found["KeyMetadata"]["KeyState"] != "PendingDeletion":
            metadata = found["KeyMetadata"]
            yield Existing(metadata["KeyId"], {"arn": metadata["Arn"], "key_id": metadata["KeyId"]})


def key_alias(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The alias with the planned name."""
    for found in read.all("kms", "ListAliases", "Aliases"):
        if found["AliasName"] == wanted.text("name"):
            yield Existing(found["AliasName"])


def bucket(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The bucket with the planned name, if this account owns it."""
    name = wanted.text("bucket")
    if read.one("s3", "HeadBucket", *NO_BUCKET, Bucket=name, ExpectedBucketOwner=read.account) is not None:
        yield Existing(name)


def of_bucket(operation: str, has: str, unset: str = "") -> Search:
    """A search for a setting of a bucket.

    operation: of S3, which reads it. has: the key of the answer that is not empty if it was ever set.
    unset: S3's error code if it was never set. Default: none.
    """

    def search(read: Reader, wanted: Wanted) -> Iterator[Existing]:
        name = wanted.text("bucket")
        codes = (*NO_BUCKET, unset)
        if (read.one("s3", operation, *codes, Bucket=name) or {}).get(has):
            yield Existing(name)

    return search


def notification(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The bucket's notifications, if it has any."""
    name = wanted.text("bucket")
    answer = read.one("s3", "GetBucketNotificationConfiguration", *NO_BUCKET, Bucket=name) or {}
    if any(setting != "ResponseMetadata" for setting in answer):
        yield Existing(name)


def repository(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The repository with the planned name."""
    missing = "RepositoryNotFoundException"
    for found in read.all(
        "ecr", "DescribeRepositories", "repositories", missing, repositoryNames=[wanted.text("name")]
    ):
        yield Existing(found["repositoryName"], {"arn": found["repositoryArn"]})


def of_repository(operation: str, unset: str) -> Search:
    """A search for a policy of a repository. operation: of ECR. unset: its error code if there is none."""

    def search(read: Reader, wanted: Wanted) -> Iterator[Existing]:
        name = wanted.text("repository")
        if read.one("ecr", operation, "RepositoryNotFoundException", unset, repositoryName=name):
            yield Existing(name)

    return search
