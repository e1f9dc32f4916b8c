"""The stacks are written as whole files, wherever CDKTF_OUTDIR says; or one error says why they cannot be."""

from pathlib import Path

from constructs_lib.stack import App, SynthesisError, synthesise

import pytest
from cdktf import TerraformOutput, TerraformStack


def one_stack(app: App) -> None:
    TerraformOutput(TerraformStack(app, "one"), "said", value="new")


@pytest.fixture(autouse=True)
def in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    (tmp_path / "dangling").symlink_to("nowhere")


def content(directory: Path) -> set[str]:
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


WRITTEN = {"manifest.json", "stacks/one/cdk.tf.json"}


@pytest.mark.parametrize("name", ["", "there", "link", "none/of/these", "a 'b \"c", "$d", "\udcff"])
def test_any_directory_that_can_be_made_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for said in (name, name and str(tmp_path / name)):
        monkeypatch.setenv("CDKTF_OUTDIR", said)
        synthesise(one_stack)
        assert content(tmp_path / (name or "cdktf.out")) == WRITTEN


@pytest.mark.parametrize("name", ["file", "file/below", "dangling", "n" * 300])
def test_any_other_is_an_error_that_names_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDKTF_OUTDIR", name)
    with pytest.raises(SynthesisError, match=f"^the stacks cannot be written to {name}: .*CDKTF_OUTDIR"):
        synthesise(one_stack)


def test_what_cannot_be_replaced_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDKTF_OUTDIR", "there")
    (tmp_path / "there" / "manifest.json").mkdir()
    with pytest.raises(SynthesisError, match="Is a directory"):
        synthesise(one_stack)
    assert content(tmp_path / "there") == set()


def test_an_interruption_leaves_all_as_it_was_and_what_is_not_ours_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDKTF_OUTDIR", "there")
    stack = tmp_path / "there" / "stacks" / "one"
    stack.mkdir(parents=True)
    for name in ("cdk.tf.json", "override.tf.json"):
        (stack / name).write_text("old")

    def interrupted(app: App) -> None:
        one_stack(app)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synthesise(interrupted)
    assert {path.read_text() for path in stack.iterdir()} == {"old"}

    synthesise(one_stack)
    assert (stack / "override.tf.json").read_text() == "old"
    assert '"new"' in (stack / "cdk.tf.json").read_text()


def test_an_error_of_the_stacks_own_files_is_raised_as_it_is() -> None:
    def build(_app: App) -> None:
        Path("no-such-file").read_text("utf-8")

    with pytest.raises(FileNotFoundError, match="no-such-file"):
        synthesise(build)
