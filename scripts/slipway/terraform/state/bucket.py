"""Finds or makes the state bucket, and makes sure that it is this account's, in this region."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from modules.config.names import Names
from modules.config.settings import PipelineSettings
from slipway.aws.clients import Aws
from slipway.aws.errors import RefusedError
from slipway.console.errors import SlipwayError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.literals import BucketLocationConstraintType

NO_CONSTRAINT = "us-east-1"  # the one region that CreateBucket does not take as a location constraint


@dataclass(frozen=True)
class StateBucket:
    """A bucket by its name, and whose and where it has to be. Every call says whose it must be."""

    s3: "S3Client"
    name: str
    account: str
    region: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, aws: Aws, settings: PipelineSettings, names: Names) -> "StateBucket":
        """The bucket that the stacks' state is kept in."""
        tags = {**settings.tags, "service": settings.service, "managed-by": "slipway"}
        return cls(aws.s3, names.state_bucket, settings.account, settings.region, tags)

    def exists(self) -> bool:
        """Whether it is there; raises if it is somebody else's, or in another region."""
        try:
            answer = self.s3.head_bucket(Bucket=self.name, ExpectedBucketOwner=self.account)
        except RefusedError as error:
            return self._refused(error)
        region = answer.get("BucketRegion") or self.region
        if region != self.region:
            raise self._elsewhere(region)
        return True

    def create(self) -> None:
        """Make it; it is not an error if it was made meanwhile, by us."""
        try:
            if self.region == NO_CONSTRAINT:
                self.s3.create_bucket(Bucket=self.name, ObjectOwnership="BucketOwnerEnforced")
            else:
                location: BucketLocationConstraintType = self.region  # type: ignore[assignment] # a setting
                self.s3.create_bucket(
                    Bucket=self.name,
                    ObjectOwnership="BucketOwnerEnforced",
                    CreateBucketConfiguration={"LocationConstraint": location},
                )
        except RefusedError as error:
            if error.code == "BucketAlreadyExists":
                raise self._somebody_elses() from error
            if error.code != "BucketAlreadyOwnedByYou":
                raise
        self.s3.get_waiter("bucket_exists").wait(Bucket=self.name, ExpectedBucketOwner=self.account)

    def _refused(self, error: RefusedError) -> bool:
        match error.code:
            case "404" | "NoSuchBucket":
                return False
            case "301" | "PermanentRedirect":
                headers = error.response["ResponseMetadata"]["HTTPHeaders"]
                raise self._elsewhere(headers.get("x-amz-bucket-region", "another region")) from error
            case "403" | "AccessDenied":
                raise self._somebody_elses() from error
            case _:
                raise error

    def _somebody_elses(self) -> SlipwayError:
        return SlipwayError(
            f"the state bucket {self.name} exists, and is not for account {self.account} to use",
            why="bucket names are shared by all of AWS, and another account has this one;\n"
            "or these credentials lack s3:ListBucket on it",
            then='name another one in pipeline.toml: state_bucket = "…"',
        )

    def _elsewhere(self, region: str) -> SlipwayError:
        return SlipwayError(
            f"the state bucket {self.name} is in {region}, not in {self.region}",
            why="state is kept in the region that pipeline.toml names",
            then='name another bucket in pipeline.toml: state_bucket = "…"',
        )
