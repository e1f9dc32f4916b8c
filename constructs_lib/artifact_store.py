"""The bucket that a pipeline keeps its artifacts in, as those see it that only know its name."""

from dataclasses import dataclass

from constructs_lib.arn import arn
from constructs_lib.key import NamedKey
from constructs_lib.policy import Statement
from constructs_lib.role import Role

KEY_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
"""What CodePipeline and CodeBuild take of the key that encrypts artifacts
(docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html)."""


@dataclass(frozen=True, kw_only=True)
class ArtifactStore:
    """An artifact bucket of another stack, by name, and the key that encrypts it.

    bucket: its name.
    key: known by its alias.
    region: where both are.
    """

    bucket: str
    key: NamedKey
    region: str

    @property
    def arn(self) -> str:
        """The bucket's ARN."""
        return arn("s3", self.bucket)

    def grant_read_write(self, role: Role, prefix: str) -> None:
        """Grant what CodePipeline needs.

        role: the pipeline's.
        prefix: what the keys of its artifacts begin with.

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
        """Let a build fetch its source, and write its output.

        role: the build's.
        reads: what the keys of its source begin with.
        writes: what the keys of its output begin with.
        keeps: a prefix below which it both writes and reads: the same commit, built again, finds its
            revision there.
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
        """Let a role, such as a host's, fetch objects whose keys begin with one of the prefixes."""
        role.allow(
            "fetch-revisions",
            Statement(
                actions=["s3:GetObject", "s3:GetObjectVersion"],
                resources=[f"{self.arn}/{prefix}*" for prefix in prefixes],
            ),
            self.key.statement("kms:Decrypt", via=f"s3.{self.region}.amazonaws.com"),
        )
