"""The catalog as it is read: from S3, CodeDeploy, the registry and the pipeline."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber
from jsonschema import validate

from slipway.aws.codepipeline import newest_executions
from slipway.console.errors import SlipwayError
from slipway.releases.catalog import Catalog
from slipway.releases.document import document
from slipway.releases.read import CatalogReader
from tests.settings import environment, minimal
from tests.slipway.recorded import recorded
from tests.slipway.status.world import World, commit, digest, world

HOUR = timedelta(hours=1)
SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "releases.schema.json"


@pytest.fixture
def here() -> Iterator[World]:
    with world() as made:
        made.apply_foundation()
        made.apply_environment(hosts=0)
        yield made


def gathered(here: World, **options: Any) -> Catalog:  # noqa: ANN401 - as CatalogReader.read takes them
    executions = newest_executions(here.aws, here.names.delivery_pipeline)
    reader = CatalogReader.of(here.aws, here.names, here.names.environments, executions=executions)
    return reader.read(**options, with_images=True)


def release(here: World, name: str, ago: timedelta, status: str = "Succeeded") -> None:
    """Built, kept, pushed and deployed by the pipeline."""
    here.keep(name)
    here.push(name)
    here.deploy(name, status, ago=ago)


def test_a_release_is_told_from_its_revision_its_deployment_and_its_image(here: World) -> None:
    release(here, "a", 2 * HOUR)
    [found] = gathered(here).releases
    assert found.commit == commit("a")
    assert str(found.revision).endswith(f"/revisions/{commit('a')}.zip")
    assert (found.digest, found.image, found.findings) == (digest("a"), "present", None)
    assert found.last["staging"].status == "Succeeded"


def test_what_runs_and_what_a_rollback_picks_have_all_that_is_known(here: World) -> None:
    release(here, "a", 3 * HOUR)
    release(here, "b", 2 * HOUR)
    release(here, "c", HOUR, "Failed")
    found = gathered(here)
    running, before = found.running("staging"), found.before("staging")
    assert running is not None
    assert before is not None
    assert (running.commit, before.commit) == (commit("b"), commit("a"))
    assert (before.digest, before.image) == (digest("a"), "present")


def test_an_image_that_the_registry_has_no_more_is_gone(here: World) -> None:
    here.keep("a")
    here.deploy("a")
    assert gathered(here).releases[0].image == "gone"


def test_a_release_whose_kept_revision_is_gone_has_the_one_that_was_deployed(here: World) -> None:
    here.deploy("a")
    [found] = gathered(here).releases
    assert str(found.revision).startswith(f"s3://{here.names.artifact_bucket}/my-app/Revision/")


def test_a_revision_that_was_deployed_and_is_gone_since_is_no_release_and_no_error(here: World) -> None:
    location = here.artifact("a")
    here.deploy("a", location=location)
    here.aws.s3.delete_object(Bucket=location["bucket"], Key=location["key"], VersionId=location["version"])
    found = gathered(here)
    assert found.releases == []
    assert found.history["staging"][0].commit == ""


def test_a_kept_revision_that_was_deployed_by_hand_need_not_be_read_to_know_its_commit(here: World) -> None:
    kept = here.keep("a")
    by_hand = {"bucket": here.names.artifact_bucket, "key": f"revisions/{kept}.zip", "bundleType": "zip"}
    here.deploy("a", location=by_hand)  # type: ignore[arg-type]  # a location
    with recorded() as calls:
        running = gathered(here).running("staging")
    assert running is not None
    assert (running.commit, running.digest) == (kept, digest("a"))
    assert len([call for call in calls if call.operation == "GetObject"]) == 1


def test_only_the_newest_are_read_and_those_that_matter(here: World) -> None:
    here.deploy("runs", ago=3 * HOUR)
    here.deploy("before", ago=4 * HOUR)
    for number in range(5):
        here.keep(f"{number}")
    with recorded() as calls:
        found = gathered(here, limit=2)
    assert {each.commit for each in found.releases[-2:]} == {commit("runs"), commit("before")}
    assert (len(found.releases), found.known) == (4, 7)
    assert len([call for call in calls if call.operation == "GetObject"]) == 4


def test_an_older_one_is_found_where_it_is_asked_for(here: World) -> None:
    for number in range(5):
        here.keep(f"{number}")
    wanted = gathered(here).releases[-1].commit
    found = gathered(here, limit=1, also=wanted[:8])
    assert found.find(wanted[:8]).digest.startswith("sha256:")


def test_a_release_knows_the_newest_execution_of_its_commit(here: World) -> None:
    here.keep("a")
    with Stubber(here.aws.codepipeline) as stub:
        executions = [
            {
                "pipelineExecutionId": id_,
                "sourceRevisions": [{"actionName": "Source", "revisionId": commit("a")}],
            }
            for id_ in ("newer", "older")
        ]
        stub.add_response("list_pipeline_executions", {"pipelineExecutionSummaries": executions})
        [found] = gathered(here).releases
    assert found.execution == "newer"


def test_scans_are_shown_by_severity_page_after_page(here: World) -> None:
    here.keep("a")
    image = {"imageDigest": digest("a"), "imageScanFindingsSummary": {"findingSeverityCounts": {"HIGH": 2}}}
    with Stubber(here.aws.ecr) as stub:
        stub.add_response("describe_images", {"imageDetails": [], "nextToken": "more"})
        stub.add_response(
            "describe_images",
            {"imageDetails": [image]},
            {"repositoryName": "my-app", "maxResults": ANY, "nextToken": "more"},
        )
        [found] = gathered(here).releases
    assert (found.image, found.findings) == ("present", {"HIGH": 2})


def test_of_a_hundred_environments_groups_and_images_are_read_at_once() -> None:
    many = [
        environment(name=f"e{number}", cidr=f"10.{number // 16}.{number % 16 * 16}.0/20")
        for number in range(100)
    ]
    with world(minimal(environments=many)) as here:
        here.apply_foundation()
        for each in here.names.environments:
            here.aws.codedeploy.create_deployment_group(
                applicationName="my-app",
                deploymentGroupName=each.deployment_group,
                serviceRoleArn="arn:aws:iam::123456789012:role/r",
            )
        location = here.artifact("a")
        for each in here.names.environments[:10]:
            here.deploy("a", environment=each.environment, location=location)
        with recorded() as calls:
            found = gathered(here)
    assert len(found.history) == 100
    operations = [call.operation for call in calls]
    assert operations.count("BatchGetDeploymentGroups") == 1
    assert operations.count("DescribeImages") == operations.count("GetObject") == 1
    assert operations.count("BatchGetDeployments") == 10


def test_before_anything_is_built_the_list_is_empty(here: World) -> None:
    assert gathered(here).releases == []


def test_before_there_is_a_bucket_it_says_what_to_apply() -> None:
    with world() as here, pytest.raises(SlipwayError) as refused:
        gathered(here)
    assert "nothing was built yet" in refused.value.what
    assert "apply my-app-foundation" in refused.value.then


def test_an_action_that_is_denied_is_an_error_with_its_name(here: World) -> None:
    with Stubber(here.aws.ecr) as stub:
        stub.add_client_error("describe_images", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDenied"):
            gathered(here)


def test_the_document_is_as_its_schema_says_and_carries_the_marks(here: World) -> None:
    release(here, "a", 3 * HOUR)
    release(here, "b", 2 * HOUR)
    made = document(gathered(here), here.names, ["staging"])
    validate(made.model_dump(mode="json"), json.loads(SCHEMA.read_text("utf-8")))
    marks = {each.commit: (each.runs_in, each.rollback_in) for each in made.releases}
    assert marks == {commit("a"): ((), ("staging",)), commit("b"): (("staging",), ())}
