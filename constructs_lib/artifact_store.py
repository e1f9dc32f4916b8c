"""The bucket that a pipeline keeps its artifacts in, for stacks that know only its name."""

from dataclasses import dataclass

from constructs_lib.arn import arn
from constructs_lib.key import UsableKey
from constructs_lib.policy import Statement
from constructs_lib.role import Role

KEY_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
"""The actions that CodePipeline and CodeBuild call on the key that encrypts artifacts
(docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html)."""


@dataclass(frozen=True, kw_only=True)
class ArtifactStore:
    """An artifact bucket of another stack and the key that encrypts it.

    bucket: the bucket's name.
    key: the key.
    region: the region of the bucket and the key.
    """

    bucket: str
    key: UsableKey
    region: str

    @property
    def arn(self) -> str:
        """The bucket's ARN."""
        return arn("s3", self.bucket)

    def grant_read_write(self, role: Role, prefix: str) -> None:
        """Let a pipeline read and write its artifacts.

        role: the pipeline's role.
        prefix: what the object keys of its artifacts begin with.

        docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
        """
        role.allow(
            "store-artifacts",
            Statement(
                actions=["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
                resources=[self.arn],
            ),
            Statement(
                actions=["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl"],
                resources=[f"{self.arn}/{prefix}*"],
            ),
            self.key.statement(*KEY_USE),
        )

    def grant_build(self, role: Role, *, reads: str, writes: str, keeps: str) -> None:
        """Let a build fetch its source and write its output.

        role: the build's role.
        reads: what the object keys of its source begin with.
        writes: what the object keys of its output begin with.
        keeps: a prefix that it both reads and writes: a commit that is built again finds its revision
            there.
        docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
        github.com/awsdocs/aws-codebuild-user-guide doc_source/setting-up.md (the key)
        """
        role.allow(
            "use-artifacts",
            Statement(actions=["s3:GetBucketAcl", "s3:GetBucketLocation"], resources=[self.arn]),
            Statement(actions=["s3:GetObject", "s3:GetObjectVersion"], resources=[f"{self.arn}/{reads}*"]),
            Statement(actions=["s3:PutObject"], resources=[f"{self.arn}/{writes}*"]),
            Statement(actions=["s3:GetObject", "s3:PutObject"], resources=[f"{self.arn}/{keeps}*"]),
            self.key.statement(*KEY_USE),
        )

    def grant_read(self, role: Role, *prefixes: str) -> None:
        """Let a ``role``, such as a host's, fetch objects whose keys begin with one of the ``prefixes``."""
        role.allow(
            "fetch-revisions",
            Statement(
                actions=["s3:GetObject", "s3:GetObjectVersion"],
                resources=[f"{self.arn}/{prefix}*" for prefix in prefixes],
            ),
            self.key.statement("kms:Decrypt", via=f"s3.{self.region}.amazonaws.com"),
        )
