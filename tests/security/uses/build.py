"""Calls of builds: by CodeBuild itself, and by the scripts that it runs."""

from modules.config.names import Names
from tests.security.account import Account
from tests.security.uses.use import CODEBUILD, ECR, RECORDED, Use, streams, with_key

COMMIT = "4f55ab0d3f4c2f7a9c1f0d3b5a7e9c1d2f4b6a80"


def uses(account: Account) -> list[Use]:
    """Calls of the build role."""
    names = account.names
    return [*_registry(names), *_artifacts(account, names), *_log(names)]


def _registry(names: Names) -> list[Use]:
    image = names.arn("ecr", f"repository/{names.repository}")
    cache = names.arn("ecr", f"repository/{names.cache_repository}")
    return [
        Use(["ecr:GetAuthorizationToken"], ["*"], "login.sh logs Docker in to the registry", RECORDED),
        Use(
            ["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"],
            ["*"],
            "login.sh logs Docker in to ECR Public, where the base image comes from",
            "docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetAuthorizationToken.html",
        ),
        Use(
            ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            [image, cache],
            "the build pulls a commit's existing image, and cached layers from latest and from the cache",
            f"{ECR}/security-iam-awsmanpol.html",
        ),
        Use(
            [
                "ecr:BatchCheckLayerAvailability",
                "ecr:CompleteLayerUpload",
                "ecr:InitiateLayerUpload",
                "ecr:PutImage",
                "ecr:UploadLayerPart",
            ],
            [image, cache],
            "push.sh and latest.sh push the image; test.sh pushes the stage test to the cache",
            f"{ECR}/image-push-iam.html",
        ),
        Use(
            ["ecr:DescribeImageScanFindings"],
            [image],
            "scan.sh waits for the scan and reads the findings",
            RECORDED,
        ),
    ]


def _artifacts(account: Account, names: Names) -> list[Use]:
    bucket = names.bucket_arn(names.artifact_bucket)
    kept = [f"{bucket}/{names.revision_prefix}{COMMIT}.{kind}" for kind in ("zip", "sbom.json")]
    return [
        Use(
            ["s3:GetBucketAcl", "s3:GetBucketLocation"],
            [bucket],
            "CodeBuild checks the bucket",
            CODEBUILD,
        ),
        Use(
            ["s3:GetObject", "s3:GetObjectVersion"],
            [f"{bucket}/{names.source_artifact_prefix}AbCdEfG"],
            "CodeBuild downloads the pipeline's source artifact",
            CODEBUILD,
        ),
        Use(
            ["s3:PutObject"],
            [f"{bucket}/{names.revision_artifact_prefix}AbCdEfG"],
            "CodeBuild uploads the revision as an artifact of the pipeline",
            CODEBUILD,
        ),
        Use(
            ["s3:PutObject"],
            kept,
            "package.sh stores the revision and the SBOM by commit",
            RECORDED,
        ),
        Use(
            ["s3:GetObject"],
            kept,
            "package.sh compares them with those that an earlier build of the commit stored",
            "inferred: package.sh; the rehearsal does not build a commit twice",
        ),
        Use(
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            [account.key(names.key_alias)],
            "artifacts are encrypted with the service's key",
            "github.com/awsdocs/aws-codebuild-user-guide doc_source/setting-up.md",
            with_key(account, names.key_alias),
        ),
    ]


def _log(names: Names) -> list[Use]:
    group = names.arn("logs", f"log-group:{names.build_log_group}")
    return [
        Use(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            streams(group),
            "CodeBuild writes the build's log",
            CODEBUILD,
        )
    ]
