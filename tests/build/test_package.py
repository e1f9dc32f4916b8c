"""The revision: what is in it, where it is kept, and that a commit has only one."""

import base64
import io
import json
import stat
from zipfile import ZipFile

from tests.build.world import COMMIT, HOST_SCRIPTS, IMAGES, KEPT, World

FILES = ["appspec.yml", "image.json", *(f"scripts/{name}" for name in HOST_SCRIPTS)]


def kept(world: World) -> bytes:
    return base64.b64decode(world.state["bucket"][KEPT])


def test_the_revision_holds_exactly_the_five_files(pushed: World) -> None:
    pushed.steps("package")
    directory = pushed.root / "build" / "revision"
    there = sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())
    assert there == FILES
    assert ZipFile(io.BytesIO(kept(pushed))).namelist() == FILES


def test_scripts_can_be_run_wherever_the_revision_is_unpacked(pushed: World) -> None:
    pushed.steps("package")
    modes = {
        entry.filename: stat.S_IMODE(entry.external_attr >> 16)
        for entry in ZipFile(io.BytesIO(kept(pushed))).infolist()
    }
    assert modes == {name: 0o755 if name.endswith(".sh") else 0o644 for name in FILES}


def test_image_json_names_the_image_by_digest_and_says_when_it_was_built(pushed: World) -> None:
    pushed.steps("package")
    assert json.loads((pushed.root / "build" / "revision" / "image.json").read_text()) == {
        "repository": IMAGES,
        "commit": COMMIT,
        "digest": pushed.state["registry"][f"{IMAGES}:{COMMIT}"]["digest"],
        "built_at": "2026-11-23T06:00:01Z",
    }


def test_the_revision_is_only_written_where_none_is(pushed: World) -> None:
    pushed.steps("package")
    (call,) = pushed.calls("aws s3api put-object")
    assert "--bucket my-app-artifacts" in call
    assert f"--key revisions/{COMMIT}.zip" in call
    assert "--if-none-match *" in call


def test_the_same_commit_again_has_the_same_revision_to_the_byte(pushed: World) -> None:
    pushed.steps("package")
    first = kept(pushed)
    (pushed.root / "appspec.yml").touch()
    output = pushed.steps("install", "build", "push", "package").stdout
    assert "kept already" in output
    assert kept(pushed) == first
    assert (pushed.root / "build" / "revision.zip").read_bytes() == first


def test_a_commit_has_one_revision_only(pushed: World) -> None:
    other = base64.b64encode(b"another revision").decode()
    pushed.set(bucket={KEPT: other})
    result = pushed.step("package")
    assert result.returncode == 1
    assert "holds another revision of this commit" in result.stderr
    assert pushed.state["bucket"] == {KEPT: other}
    assert not (pushed.root / "build" / "revision").exists()


def test_a_revision_that_cannot_be_kept_is_no_artifact_either(pushed: World) -> None:
    pushed.refuse("aws s3api put-object", "An error occurred (SlowDown) when calling PutObject")
    result = pushed.step("package")
    assert result.returncode == 1
    assert "build failed at: package the revision" in result.stderr
    assert "SlowDown" in result.stderr
    assert not (pushed.root / "build" / "revision").exists()


def test_without_a_push_there_is_no_revision(built: World) -> None:
    result = built.step("package")
    assert result.returncode == 1
    assert result.stderr.count("build failed at") == 1
    assert "no image was pushed" in result.stderr


def test_without_the_hosts_part_there_is_no_revision(pushed: World) -> None:
    (pushed.root / "appspec.yml").unlink()
    result = pushed.step("package")
    assert result.returncode == 1
    assert "appspec.yml or scripts/*.sh is missing" in result.stderr
    assert pushed.state["bucket"] == {}


def test_a_build_without_a_commit_keeps_its_revision_by_its_id(installed: World) -> None:
    installed.steps("build", "push", "package", COMMIT="")
    assert list(installed.state["bucket"]) == ["my-app-artifacts/revisions/my-app-build-8c1d.zip"]
