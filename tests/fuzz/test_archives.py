"""Revisions as zips that nobody should make: unpacked below their directory, or refused in words."""

import io
import json
import stat
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hypothesis import example, given
from hypothesis import strategies as st

from slipway.aws.archives import BROKEN, unpack
from slipway.aws.revisions import parse
from tests.fuzz.hostile import bounded, texts

IMAGE = {"commit": "4f55ab0", "digest": "sha256:" + "0" * 64, "built_at": "2026-11-23T06:00:01+00:00"}
names = st.one_of(
    st.lists(st.sampled_from(["..", "a", "b", ".", "", "etc"]), min_size=1, max_size=5)
    .map("/".join)
    .filter(bool),
    texts.filter(bool),
    st.sampled_from(["/etc/slipway-x", "../../x", "..\\x", "C:\\x", "a/../../x", "//x"]),
)


def packed(members: dict[str, str], *, links: bool = False) -> bytes:
    """A zip with members of these names; as links, which lead to what would be their content."""
    content = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, text in members.items():
            entry = ZipInfo(name)
            entry.external_attr = ((stat.S_IFLNK if links else stat.S_IFREG) | 0o4777) << 16
            archive.writestr(entry, text)
    return content.getvalue()


def unpacked(content: bytes) -> list[Path]:
    """The files that exist afterwards, except the zip; all are in one directory."""
    with tempfile.TemporaryDirectory() as directory:
        archive, target = Path(directory) / "bundle.zip", Path(directory) / "one" / "two" / "target"
        archive.write_bytes(content)
        target.mkdir(parents=True)
        with suppress(*BROKEN):
            unpack(archive, target)
        there = [path for path in Path(directory).rglob("*") if not path.is_dir() or path.is_symlink()]
        assert all(each == archive or each.is_relative_to(target) for each in there)
        assert not any(each.is_symlink() or each.stat().st_mode & 0o7000 for each in there)
        return there


@bounded(80)
@given(
    st.dictionaries(names, st.sampled_from(["", "x", "/etc/passwd", "../../x"]), max_size=5), st.booleans()
)
@example({"../x": "x", "/x": "x", "a": "x", "a/b": "x"}, False)
@example({"a": "../../..", "a/x": "x"}, True)
def test_a_revision_is_unpacked_below_its_directory(members: dict[str, str], links: bool) -> None:
    unpacked(packed(members, links=links))


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A revision in which some bytes are others, or which is cut off."""
    content = bytearray(packed({"image.json": json.dumps(IMAGE), "appspec.yml": "x" * 50}))
    for _ in range(draw(st.integers(1, 4))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content)


@bounded(200)
@given(broken())
def test_a_broken_revision_is_accepted_or_rejected_with_a_known_error(content: bytes) -> None:
    with suppress(KeyError, TypeError, *BROKEN):
        assert parse(content).commit
    unpacked(content)


@bounded(100)
@given(st.text(max_size=20) | st.dictionaries(texts, texts).map(json.dumps) | st.just("[" * 100_000))
def test_any_image_json_in_a_revision_is_accepted_or_rejected(text: str) -> None:
    with suppress(KeyError, TypeError, *BROKEN):
        parse(packed({"image.json": text}))


def test_a_whole_revision_is_read() -> None:
    assert parse(packed({"image.json": json.dumps(IMAGE)})).commit == "4f55ab0"
    assert len(unpacked(packed({"image.json": "{}", "scripts/a.sh": ""}))) == 3
