"""Moving the base image: what is written, and what is refused so that nothing is."""

import re
from collections.abc import Iterator
from pathlib import Path

import base_image
import pytest
from image_name import ImageRefused, reference

from tests.dev.registry import Registry, digest, index, serving

BOTH = index("linux/amd64", "linux/arm64")
OLD = "sha256:" + "0" * 64


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """It has base:1 and base:2 for both architectures, and small:1 for one."""
    monkeypatch.setenv("no_proxy", "*")
    with serving() as here:
        here.tags = {"team/base:1": BOTH, "team/base:2": BOTH + b"\n", "team/small:1": index("linux/amd64")}
        yield here


@pytest.fixture
def dockerfile(registry: Registry, tmp_path: Path) -> Path:
    """One that is pinned to what base:1 named before."""
    path = tmp_path / "Dockerfile"
    path.write_text(
        f"# why\nARG BASE_IMAGE={registry.host}/team/base:1@{OLD}\n"
        "FROM ${BASE_IMAGE} AS one\nFROM ${BASE_IMAGE}\n"
    )
    return path


def refusal(dockerfile: Path, wanted: str = "") -> str:
    """What is said; nothing may have been written."""
    before = dockerfile.read_text()
    with pytest.raises(ImageRefused) as refused:
        base_image.move(dockerfile, wanted)
    assert dockerfile.read_text() == before
    assert re.fullmatch(r".+\n  why:  .+\n  next: .+", str(refused.value))
    return str(refused.value)


def test_the_line_gets_the_digest_that_its_tag_names_now_and_no_other_line_changes(
    dockerfile: Path, registry: Registry
) -> None:
    before = dockerfile.read_text()
    said = base_image.move(dockerfile)
    new = f"{registry.host}/team/base:1@{digest(BOTH)}"
    assert dockerfile.read_text() == before.replace(f"{registry.host}/team/base:1@{OLD}", new)
    assert said.splitlines()[1:] == [f"  from {registry.host}/team/base:1@{OLD}", f"  to   {new}"]


def test_another_tag_can_be_asked_for(dockerfile: Path, registry: Registry) -> None:
    base_image.move(dockerfile, f"{registry.host}/team/base:2")
    expected = f"ARG BASE_IMAGE={registry.host}/team/base:2@{digest(BOTH + bytes([10]))}\n"
    assert expected in dockerfile.read_text()


def test_a_line_without_digest_is_pinned(dockerfile: Path) -> None:
    dockerfile.write_text(dockerfile.read_text().replace(f"@{OLD}", ""))
    base_image.move(dockerfile)
    assert f"@{digest(BOTH)}\n" in dockerfile.read_text()


def test_what_has_not_moved_is_left_alone(dockerfile: Path) -> None:
    base_image.move(dockerfile)
    written = dockerfile.stat().st_mtime_ns
    assert base_image.move(dockerfile).endswith("nothing to change")
    assert dockerfile.stat().st_mtime_ns == written


def test_a_registry_that_gives_everybody_a_token_is_asked_for_one(
    dockerfile: Path, registry: Registry
) -> None:
    base_image.move(dockerfile)
    assert registry.scopes == ["service=here&scope=repository%3Ateam%2Fbase%3Apull"]


def test_a_registry_that_wants_no_token_is_asked_for_none(dockerfile: Path, registry: Registry) -> None:
    registry.asks = False
    base_image.move(dockerfile)
    assert registry.scopes == []


def test_a_digest_that_the_content_does_not_have_is_refused(dockerfile: Path, registry: Registry) -> None:
    registry.says = OLD
    assert f"it says {OLD}, but its bytes are {digest(BOTH)}" in refusal(dockerfile)


def test_a_base_that_lacks_an_architecture_of_the_settings_is_refused(
    dockerfile: Path, registry: Registry
) -> None:
    assert "it lacks linux/arm64" in refusal(dockerfile, f"{registry.host}/team/small:1")


def test_an_image_that_is_no_index_is_refused(dockerfile: Path, registry: Registry) -> None:
    registry.tags["team/base:1"] = b'{"schemaVersion": 2, "layers": []}'
    assert "it lacks linux/amd64 and linux/arm64" in refusal(dockerfile)


def test_a_tag_that_is_not_there_is_named(dockerfile: Path, registry: Registry) -> None:
    assert f"{registry.host} has no team/base:3" in refusal(dockerfile, f"{registry.host}/team/base:3")


def test_a_registry_that_does_not_answer_is_named(dockerfile: Path, registry: Registry) -> None:
    registry.shutdown()
    registry.server_close()
    assert f"{registry.host} cannot be asked" in refusal(dockerfile)


@pytest.mark.parametrize(
    "wanted", ["python", "python:3.13", "r/python", "r/p:t@sha256:12", "r/p:t; id", "-x/p:é"]
)
def test_what_names_no_image_is_refused(dockerfile: Path, wanted: str) -> None:
    assert "is no base image" in refusal(dockerfile, wanted)


def test_a_dockerfile_without_the_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    assert "has no line ARG BASE_IMAGE" in refusal(tmp_path / "Dockerfile")


def test_only_this_machine_is_asked_without_tls() -> None:
    assert reference("public.ecr.aws/a/b:c").address == "https://public.ecr.aws"
    assert reference("127.0.0.1.example.com/b:c").address.startswith("https:")
    assert reference("localhost:5000/b:c").address == "http://localhost:5000"


def test_the_services_own_base_image_is_pinned_by_digest() -> None:
    line = base_image.LINE.search(base_image.DOCKERFILE.read_text())
    assert line
    assert reference(line[2]).digest


def test_every_image_that_the_service_is_built_from_is_that_one() -> None:
    images = set(re.findall(r"^FROM (\S+)", base_image.DOCKERFILE.read_text(), re.M))
    assert images == {"${BASE_IMAGE}", "builder"}
