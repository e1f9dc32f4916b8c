"""What exists of keys, buckets, repositories and their settings: found by name."""

from collections.abc import Callable, Iterator

from slipway.aws.errors import AwsError
from slipway.aws.existing.wanted import Answer, Existing, Reader, Wanted
from slipway.console.errors import SlipwayError

Search = Callable[[Reader, Wanted], Iterator[Existing]]
NO_BUCKET = ("404", "NoSuchBucket")
NOT_OURS = ("301", "403", "AccessDenied", "PermanentRedirect")


def key(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The key to which the planned alias points: AWS names keys itself."""
    for alias in wanted.referring("aws_kms_alias", "target_key_id"):
        for entry in _aliases(read, alias):
            found = read.one("kms", "DescribeKey", KeyId=entry["TargetKeyId"]) or {}
            metadata = found.get("KeyMetadata", {})
            if metadata.get("KeyState") != "PendingDeletion":
                yield Existing(metadata["KeyId"], {"arn": metadata["Arn"], "key_id": metadata["KeyId"]})


def key_alias(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The alias with the planned name."""
    for found in _aliases(read, wanted):
        yield Existing(found["AliasName"])


def _aliases(read: Reader, wanted: Wanted) -> list[Answer]:
    """The alias with the planned name, if it points to a key."""
    name = wanted.text("name")
    every = read.all("kms", "ListAliases", "Aliases")
    return [found for found in every if found["AliasName"] == name and "TargetKeyId" in found]


def bucket(read: Reader, wanted: Wanted) -> Iterator[Existing]:
    """The bucket with the planned name. Raises SlipwayError if it is another account's, or elsewhere."""
    name = wanted.text("bucket")
    try:
        there = read.one("s3", "HeadBucket", *NO_BUCKET, Bucket=name, ExpectedBucketOwner=read.account)
    except AwsError as error:
        if error.code not in NOT_OURS:
            raise
        raise SlipwayError(
            f"the bucket {name} exists, and cannot be adopted",
            why="it is another account's or in another region, or these credentials may not list it",
            then="use credentials that may list it, or another service name: its name follows from it",
        ) from error
    if there is not None:
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
