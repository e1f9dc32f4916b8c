"""Finds or creates the state bucket, and checks its account and region."""

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

NO_CONSTRAINT = "us-east-1"  # CreateBucket does not accept this region as a location constraint


@dataclass(frozen=True)
class StateBucket:
    """The state bucket. account, region: its expected owner (checked at every call) and region."""

    s3: "S3Client"
    name: str
    account: str
    region: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, aws: Aws, settings: PipelineSettings, names: Names) -> "StateBucket":
        """The bucket for the stacks' state, from the settings."""
        tags = {**settings.tags, "service": settings.service, "managed-by": "slipway"}
        return cls(aws.s3, names.state_bucket, settings.account, settings.region, tags)

    def exists(self) -> bool:
        """Whether it exists. Raises SlipwayError if another account has it, or it is in another region."""
        try:
            answer = self.s3.head_bucket(Bucket=self.name, ExpectedBucketOwner=self.account)
        except RefusedError as error:
            return self._refused(error)
        region = answer.get("BucketRegion") or self.region
        if region != self.region:
            raise self._elsewhere(region)
        return True

    def create(self) -> None:
        """Create it. It is no error if this account has created it in the meantime."""
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
                raise self._of_another_account() from error
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
                raise self._of_another_account() from error
            case _:
                raise error

    def _of_another_account(self) -> SlipwayError:
        return SlipwayError(
            f"account {self.account} has no access to the existing state bucket {self.name}",
            why="another account has a bucket of this name, which is unique in all of AWS;\n"
            "or these credentials have no permission for s3:ListBucket",
            then='use other credentials, or another name in pipeline.toml: state_bucket = "…"',
        )

    def _elsewhere(self, region: str) -> SlipwayError:
        return SlipwayError(
            f"the state bucket {self.name} is in {region}, not in {self.region}",
            why="the state bucket must be in the region that pipeline.toml names",
            then='use another name in pipeline.toml: state_bucket = "…"',
        )
