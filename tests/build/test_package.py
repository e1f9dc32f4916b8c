"""The revision: what is in it, where it is kept, and that a commit has only one."""

import base64
import io
import json
import stat
from zipfile import ZipFile

import pytest

from tests.build.world import COMMIT, HOST_SCRIPTS, IMAGES, KEPT, LISTED, World
from tests.settings import minimal

FILES = ["app.json", "appspec.yml", "image.json", *(f"scripts/{name}" for name in HOST_SCRIPTS)]


def kept(world: World) -> bytes:
    return base64.b64decode(world.state["bucket"][KEPT])


def artifact(world: World) -> list[str]:
    """What CodeBuild would hand on."""
    directory = world.root / "build" / "revision"
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())


def test_the_revision_holds_exactly_the_six_files(listed: World) -> None:
    listed.steps("package")
    assert artifact(listed) == FILES
    assert ZipFile(io.BytesIO(kept(listed))).namelist() == FILES


def test_scripts_can_be_run_wherever_the_revision_is_unpacked(listed: World) -> None:
    listed.steps("package")
    modes = {
        entry.filename: stat.S_IMODE(entry.external_attr >> 16)
        for entry in ZipFile(io.BytesIO(kept(listed))).infolist()
    }
    assert modes == {name: 0o755 if name.endswith(".sh") else 0o644 for name in FILES}


def test_image_json_names_the_image_by_digest_and_says_when_it_was_built(listed: World) -> None:
    listed.steps("package")
    assert json.loads((listed.root / "build" / "revision" / "image.json").read_text()) == {
        "repository": IMAGES,
        "commit": COMMIT,
        "digest": listed.state["registry"][f"{IMAGES}:{COMMIT}"]["digest"],
        "built_at": "2026-11-23T06:00:01Z",
    }


def test_app_json_is_what_the_commits_pipeline_toml_says_with_every_default(listed: World) -> None:
    listed.steps("package")
    expected = minimal(app={"port": 9000, "health_path": "/healthz"}).app
    said = json.loads((listed.root / "build" / "revision" / "app.json").read_text())
    assert said == {**expected.model_dump(mode="json"), "watch_minutes": {"staging": 5, "prod": 0}}


@pytest.mark.parametrize(
    ("app", "complaint"),
    [
        ("[app]\nport = 0", "app.port = 0: is not allowed by pipeline.schema.json"),
        ("[app]\nport = true", "app.port = true: is not allowed by pipeline.schema.json"),
        (
            '[app]\nhealth_path = "/$(id)"',
            'app.health_path = "/$(id)": is not allowed by pipeline.schema.json',
        ),
        ('[app]\ntmpfs = ["tmp"]', 'app.tmpfs = ["tmp"]: is not allowed by pipeline.schema.json'),
        ("[app]\ncolour = 1", "app.colour: unknown key"),
        ("environments = [{name = 'a', watch_minutes = 51}]", "environments.a.watch_minutes = 51: is not"),
        ("service = 'no environments'", "KeyError: 'environments'"),
        ("[app", "Expected"),
    ],
)
def test_settings_that_no_host_could_follow_make_no_revision(listed: World, app: str, complaint: str) -> None:
    (listed.root / "pipeline.toml").write_text(app)
    result = listed.step("package")
    assert result.returncode == 1
    assert "the settings below [app] in pipeline.toml are invalid" in result.stderr
    assert complaint in result.stderr
    assert listed.state["bucket"] == {}


def test_the_revision_is_only_written_where_none_is(listed: World) -> None:
    listed.steps("package")
    _, call = listed.calls("aws s3api put-object")
    assert "--bucket my-app-artifacts" in call
    assert f"--key revisions/{COMMIT}.zip" in call
    assert "--if-none-match *" in call


def test_the_same_commit_again_has_the_same_revision_to_the_byte(listed: World) -> None:
    listed.steps("package")
    first = kept(listed)
    (listed.root / "appspec.yml").touch()
    output = listed.steps("install", "build", "push", "sbom", "package").stdout
    assert output.count("already kept") == 2
    assert kept(listed) == first
    assert (listed.root / "build" / "revision.zip").read_bytes() == first


def test_a_commit_has_one_revision_only(listed: World) -> None:
    other = base64.b64encode(b"another revision").decode()
    listed.set(bucket={KEPT: other})
    result = listed.step("package")
    assert result.returncode == 1
    assert "holds a different revision of this commit" in result.stderr
    assert listed.state["bucket"][KEPT] == other
    assert artifact(listed) == ["build-failed.txt"]


CONFLICT = (
    "An error occurred (ConditionalRequestConflict) when calling the PutObject operation: "
    "The conditional request cannot succeed due to a conflicting operation against this resource."
)


def test_a_write_that_meets_another_one_is_tried_again(listed: World) -> None:
    listed.refuse("aws s3api put-object", CONFLICT, times=3)
    listed.steps("package")
    assert listed.slept == [5, 10, 20]
    assert sorted(listed.state["bucket"]) == [LISTED, KEPT]


def test_a_write_that_arrived_although_s3_said_otherwise_is_found_there(listed: World) -> None:
    listed.steps("package")
    listed.refuse("aws s3api put-object", "An error occurred (503) … Service Unavailable", times=1)
    assert listed.steps("package").stdout.count("already kept") == 2


def test_a_revision_that_cannot_be_kept_is_no_artifact_either(listed: World) -> None:
    listed.refuse("aws s3api put-object", "An error occurred (SlowDown) when calling PutObject")
    result = listed.step("package")
    assert result.returncode == 1
    assert "build failed at: package the revision" in result.stderr
    assert "SlowDown" in result.stderr
    assert ".sbom.json: request rate exceeded (throttled)" in result.stderr
    assert listed.slept == [5, 10, 20, 40]
    assert artifact(listed) == ["build-failed.txt"]


def test_without_a_push_there_is_no_revision(built: World) -> None:
    (built.root / "build" / "sbom.json").write_text("{}")
    result = built.step("package")
    assert result.returncode == 1
    assert result.stderr.count("build failed at") == 1
    assert "no image was pushed" in result.stderr


def test_without_the_hosts_part_there_is_no_revision(listed: World) -> None:
    (listed.root / "appspec.yml").unlink()
    result = listed.step("package")
    assert result.returncode == 1
    assert "appspec.yml or scripts/*.sh is missing" in result.stderr
    assert listed.state["bucket"] == {}


def test_what_is_in_the_image_is_kept_beside_the_revision(listed: World) -> None:
    listed.steps("package")
    content = (listed.root / "build" / "sbom.json").read_bytes()
    assert base64.b64decode(listed.state["bucket"][LISTED]) == content
    assert list(listed.state["bucket"]) == [LISTED, KEPT]
    call, _ = listed.calls("aws s3api put-object")
    assert "--content-type application/vnd.cyclonedx+json --if-none-match *" in call


def test_a_revision_whose_image_is_not_listed_is_not_kept(pushed: World) -> None:
    result = pushed.step("package")
    assert result.returncode == 1
    assert "the list of contents of the image is missing" in result.stderr
    assert pushed.state["bucket"] == {}


def test_a_commit_has_one_list_of_contents_only(listed: World) -> None:
    listed.set(bucket={LISTED: base64.b64encode(b"another").decode()})
    result = listed.step("package")
    assert result.returncode == 1
    assert "holds a different list of contents of this commit" in result.stderr
    assert list(listed.state["bucket"]) == [LISTED]


def test_a_build_without_a_commit_keeps_its_revision_by_its_id(installed: World) -> None:
    installed.steps("build", "push", "sbom", "package", COMMIT="")
    names = [f"my-app-artifacts/revisions/my-app-build-8c1d.{kind}" for kind in ("sbom.json", "zip")]
    assert list(installed.state["bucket"]) == names
