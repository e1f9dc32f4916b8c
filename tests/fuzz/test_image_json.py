"""Whatever image.json holds, a host has an image by digest or one message; and nothing of it is run."""

import json
import re
import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz.batch import Ended, lay, run
from tests.fuzz.hostile import bounded, nothing_ran, surrogates, texts

GOOD = {"repository": "r.example/my-app", "commit": "4f55ab0", "digest": "sha256:" + "0" * 64}
SAFE = {
    "repository": r"[a-z0-9][a-z0-9._:/-]+",
    "commit": r"[A-Za-z0-9_][A-Za-z0-9_.-]*",
    "digest": r"sha256:[0-9a-f]{64}",
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | surrogates,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def nearly(draw: st.DrawFn) -> bytes:
    """A good one in which a value is another, or begins or ends with something else."""
    document: dict[str, object] = dict(GOOD)
    name = draw(st.sampled_from(sorted(GOOD)))
    document[name] = draw(
        anything | texts.map(lambda text: text + GOOD[name]) | texts.map(lambda text: GOOD[name] + text)
    )
    return json.dumps(document).encode()


documents = st.one_of(
    nearly(), nearly(), anything.map(lambda each: json.dumps(each).encode()), st.binary(max_size=40)
)


@bounded(3)
@given(st.lists(documents, min_size=15, max_size=15))
@example([json.dumps(GOOD).encode(), b"[" * 100_000, b'{"commit": ' + b"9" * 5000 + b"}"])
@example(
    [json.dumps(GOOD | {"repository": "--privileged/x"}).encode(), json.dumps(GOOD | {"commit": 1}).encode()]
)
def test_a_revision_names_an_image_or_is_refused(several: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        cases = lay(Path(directory), [{"image.json": each} for each in several])
        steps = "source scripts/lib.sh; read_revision"
        found = run(cases, steps, ("REPOSITORY_URI", "COMMIT", "DIGEST"))
    for content, ended in zip(several, found, strict=True):
        judge(content, ended)
    nothing_ran()


def judge(content: bytes, ended: Ended) -> None:
    """Taken to the letter, if it is safe; else refused in words, and quickly read."""
    if ended.status == 0:
        said = json.loads(content)
        assert ended.values == tuple(said[name] for name in SAFE)
        assert all(re.fullmatch(SAFE[name], said[name], re.ASCII) for name in SAFE)
        return
    assert ended.status == 1
    assert ended.said.startswith(
        "ERROR: this revision does not say which image to start\n  why:  image.json: "
    )
    assert ended.said.count("next: ") == 1
    assert "Traceback" not in ended.said
    assert len(ended.said) < 1500


def test_a_good_one_is_taken() -> None:
    with tempfile.TemporaryDirectory() as directory:
        cases = lay(Path(directory), [{"image.json": json.dumps(GOOD).encode()}])
        (ended,) = run(cases, "source scripts/lib.sh; read_revision", ("REPOSITORY_URI", "COMMIT", "DIGEST"))
    assert ended == Ended(0, tuple(GOOD.values()), "")
