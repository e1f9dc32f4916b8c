"""Listing what is in the image: which image, with which facts, and that nothing of it stays."""

import json

from tests.build.world import COMMIT, IMAGES, World

REFERENCE = f"{IMAGES}:{COMMIT}"


def test_the_image_that_was_pushed_is_listed_by_its_digest(listed: World) -> None:
    assert json.loads((listed.root / "build" / "sbom.json").read_text())["of"] == {
        "IMAGE": REFERENCE,
        "IMAGE_REPOSITORY": IMAGES,
        "COMMIT": COMMIT,
        "DIGEST": listed.state["registry"][REFERENCE]["digest"],
        "BUILT_AT": "2026-11-23T06:00:01Z",
    }


def test_the_image_itself_stays_as_it_was_pushed(pushed: World) -> None:
    before = pushed.state
    pushed.steps("sbom")
    assert pushed.state["registry"] == before["registry"]
    assert pushed.state["local"] == before["local"]


def test_what_the_listing_needed_is_thrown_away(listed: World) -> None:
    made = listed.calls("docker create ") + listed.calls("docker rm ") + listed.calls("docker image rm an")
    assert made == ["docker create an-image none", "docker rm a-container", "docker image rm an-image"]


def test_it_is_said_how_much_is_listed(pushed: World) -> None:
    assert "sbom.json lists 1 components" in pushed.steps("sbom").stdout


def test_an_image_that_cannot_be_listed_stops_the_build(pushed: World) -> None:
    pushed.refuse("docker build --file scripts/build/sbom.Dockerfile", "/venv/bin/python3: No such file")
    result = pushed.step("sbom")
    assert result.returncode == 1
    assert "build failed at: list what is in the image" in result.stderr
    assert "why:  /venv/bin/python3: No such file" in result.stderr
    assert not (pushed.root / "build" / "sbom.json").exists()


def test_before_the_push_there_is_no_digest_to_list(built: World) -> None:
    result = built.step("sbom")
    assert result.returncode == 1
    assert "no image was pushed" in result.stderr


def test_an_image_that_was_there_already_is_listed_as_it_is(listed: World) -> None:
    first = (listed.root / "build" / "sbom.json").read_bytes()
    listed.steps("install", "build", "push", "sbom")
    assert (listed.root / "build" / "sbom.json").read_bytes() == first
