from constructs_lib.artifact_store import ArtifactStore
from constructs_lib.testing import Testing

from tests.constructs_lib.building import REGION
from tests.constructs_lib.samples import SHARED_KEY, granted, role

STORE = ArtifactStore(bucket="my-app-artifacts", key=SHARED_KEY, region=REGION)
BUCKET = "arn:aws:s3:::my-app-artifacts"


def test_the_pipeline_may_read_and_write_below_its_own_prefix_and_delete_nothing() -> None:
    synthesised = Testing.synth_scope(lambda stack: STORE.grant_read_write(role(stack), "my-app/"))

    assert granted(synthesised, "store-artifacts") == [
        {
            "Effect": "Allow",
            "Action": ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"],
            "Resource": [BUCKET],
        },
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl"],
            "Resource": [f"{BUCKET}/my-app/*"],
        },
        SHARED_KEY.statement(
            "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"
        ).render(),
    ]


def test_a_build_may_read_its_source_write_its_output_and_read_what_it_kept() -> None:
    synthesised = Testing.synth_scope(
        lambda stack: STORE.grant_build(
            role(stack), reads="my-app/Source/", writes="my-app/Revision/", keeps="revisions/"
        )
    )

    assert granted(synthesised, "use-artifacts") == [
        {"Effect": "Allow", "Action": ["s3:GetBucketAcl", "s3:GetBucketLocation"], "Resource": [BUCKET]},
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:GetObjectVersion"],
            "Resource": [f"{BUCKET}/my-app/Source/*"],
        },
        {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": [f"{BUCKET}/my-app/Revision/*"]},
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": [f"{BUCKET}/revisions/*"],
        },
        SHARED_KEY.statement(
            "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"
        ).render(),
    ]


def test_a_host_may_fetch_what_lies_below_the_prefixes_and_decrypt_it_through_s3_only() -> None:
    synthesised = Testing.synth_scope(
        lambda stack: STORE.grant_read(role(stack), "my-app/Revision/", "revisions/")
    )

    assert granted(synthesised, "fetch-revisions") == [
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:GetObjectVersion"],
            "Resource": [f"{BUCKET}/my-app/Revision/*", f"{BUCKET}/revisions/*"],
        },
        SHARED_KEY.statement("kms:Decrypt", via=f"s3.{REGION}.amazonaws.com").render(),
    ]
