"""Whatever image.json and app.json hold, a host knows what to start or says why not; none of it is run."""

import json
import re
import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from tests.fuzz.batch import Ended, lay, run
from tests.fuzz.hostile import bounded, nothing_ran, surrogates, texts
from tests.settings import minimal

GOOD = {"repository": "r.example/my-app", "commit": "4f55ab0", "digest": "sha256:" + "0" * 64}
SAFE = {
    "repository": r"[a-z0-9][a-z0-9._:/-]+",
    "commit": r"[A-Za-z0-9_][A-Za-z0-9_.-]*",
    "digest": r"sha256:[0-9a-f]{64}",
}
APP = minimal().app.model_dump_json().encode()
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
def test_a_revision_refers_to_an_image_or_is_rejected(several: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        cases = lay(Path(directory), [{"image.json": each, "app.json": APP} for each in several])
        steps = "source scripts/lib.sh; read_revision"
        found = run(cases, steps, ("REPOSITORY_URI", "COMMIT", "DIGEST"))
    for content, ended in zip(several, found, strict=True):
        judge(content, ended)
    nothing_ran()


def judge(content: bytes, ended: Ended) -> None:
    """Accepted unchanged if it is safe, otherwise rejected with a message; read quickly in both cases."""
    if ended.status == 0:
        said = json.loads(content)
        assert ended.values == tuple(said[name] for name in SAFE)
        assert all(re.fullmatch(SAFE[name], said[name], re.ASCII) for name in SAFE)
        return
    assert ended.status == 1
    assert ended.said.startswith(
        "ERROR: the image.json or app.json of this revision is invalid\n  why:  image.json: "
    )
    assert ended.said.count("next: ") == 1
    assert "Traceback" not in ended.said
    assert len(ended.said) < 1500


def test_a_good_one_is_taken() -> None:
    with tempfile.TemporaryDirectory() as directory:
        cases = lay(Path(directory), [{"image.json": json.dumps(GOOD).encode(), "app.json": APP}])
        (ended,) = run(cases, "source scripts/lib.sh; read_revision", ("REPOSITORY_URI", "COMMIT", "DIGEST"))
    assert ended == Ended(0, tuple(GOOD.values()), "")


@bounded(3)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(json.loads(APP))), anything | texts), min_size=15, max_size=15)
)
def test_a_revision_has_valid_settings_or_is_rejected(several: list[tuple[str, object]]) -> None:
    good = json.dumps(GOOD).encode()
    told = [json.dumps(json.loads(APP) | {name: value}).encode() for name, value in several]
    with tempfile.TemporaryDirectory() as directory:
        cases = lay(Path(directory), [{"image.json": good, "app.json": each} for each in told])
        shown = ("CONTAINER_PORT", "PIDS", "CPUS", "MEMORY_MIB", "HEALTH_SECONDS", "STOP_SECONDS")
        found = run(cases, "source scripts/lib.sh; read_revision", shown)
    for ended in found:
        assert ended.status in (0, 1)
        assert all(re.fullmatch(r"[0-9.]+|null", each, re.ASCII) for each in ended.values)
        assert ended.status == 0 or "why:  app.json: " in ended.said
        assert "Traceback" not in ended.said
    nothing_ran()
