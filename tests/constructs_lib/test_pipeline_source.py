from constructs_lib.connection import NamedConnection
from constructs_lib.pipeline_source import RepositorySource, S3Source
from constructs_lib.testing import Testing

from tests.constructs_lib.samples import granted, role

CONNECTION = "arn:aws:codeconnections:eu-central-1:123456789012:connection/1"
REPOSITORY = RepositorySource(
    connection=NamedConnection(CONNECTION), repository="example/my-app", branch="main", paths=["app/**"]
)
OBJECT = S3Source(bucket="my-app-sources", key="source/source.zip")


def test_a_repository_is_fetched_through_its_connection() -> None:
    action = REPOSITORY.action()

    assert action.provider == "CodeStarSourceConnection"
    assert action.configuration == {
        "ConnectionArn": CONNECTION,
        "FullRepositoryId": "example/my-app",
        "BranchName": "main",
        "OutputArtifactFormat": "CODE_ZIP",
    }


def test_the_commit_is_a_variable_in_the_namespace_of_the_source_action() -> None:
    assert REPOSITORY.commit == "#{SourceVariables.CommitId}"
    assert REPOSITORY.action().namespace == "SourceVariables"


def test_a_pipeline_with_a_repository_may_use_its_connection() -> None:
    synthesised = Testing.synth_scope(lambda stack: REPOSITORY.grant_read(role(stack)))

    (only,) = granted(synthesised, "use-connection")
    assert only["Resource"] == [CONNECTION]


def test_an_object_in_s3_is_waited_for_and_not_polled() -> None:
    action = OBJECT.action()

    assert action.provider == "S3"
    assert action.configuration == {
        "S3Bucket": "my-app-sources",
        "S3ObjectKey": "source/source.zip",
        "PollForSourceChanges": "false",
    }


def test_an_object_in_s3_has_no_commit_and_no_trigger() -> None:
    assert OBJECT.commit is None
    assert OBJECT.triggers() == []


def test_a_pipeline_with_an_object_may_read_that_object_and_no_other() -> None:
    synthesised = Testing.synth_scope(lambda stack: OBJECT.grant_read(role(stack)))

    assert granted(synthesised, "read-source") == [
        {
            "Effect": "Allow",
            "Action": [
                "s3:GetBucketAcl",
                "s3:GetBucketLocation",
                "s3:GetBucketVersioning",
                "s3:ListBucket",
            ],
            "Resource": ["arn:aws:s3:::my-app-sources"],
        },
        {
            "Effect": "Allow",
            "Action": [
                "s3:GetObject",
                "s3:GetObjectTagging",
                "s3:GetObjectVersion",
                "s3:GetObjectVersionTagging",
            ],
            "Resource": ["arn:aws:s3:::my-app-sources/source/source.zip"],
        },
    ]
