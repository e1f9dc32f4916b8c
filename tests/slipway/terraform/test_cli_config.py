"""Finding the AWS provider: the mirror is found, the user's own configuration wins."""

import platform
from pathlib import Path

import pytest

from modules.config import provider
from slipway.terraform import cli_config

AUTOMATION = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}


def mirror_at(
    root: Path,
    *,
    version: str = provider.VERSION,
    on: str = cli_config.this_platform(),
) -> Path:
    program = (
        root / "registry.terraform.io/hashicorp/aws" / version / on / f"terraform-provider-aws_v{version}_x5"
    )
    program.parent.mkdir(parents=True)
    program.touch()
    return root


@pytest.mark.parametrize("below", ["", "plugins", "terraform/plugins"])
def test_a_mirror_is_found_down_to_two_directories_below_a_prefix(tmp_path: Path, below: str) -> None:
    mirror = mirror_at(tmp_path / below)
    assert cli_config.find_mirror([tmp_path]) == mirror


def test_a_mirror_deeper_than_that_is_not_searched_for(tmp_path: Path) -> None:
    mirror_at(tmp_path / "one/two/three")
    assert cli_config.find_mirror([tmp_path]) is None


def test_a_mirror_of_another_version_or_platform_does_not_count(tmp_path: Path) -> None:
    mirror_at(tmp_path / "old", version="5.99.0")
    mirror_at(tmp_path / "other", on="plan9_mips")
    assert cli_config.find_mirror([tmp_path]) is None


def test_a_prefix_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    mirror = mirror_at(tmp_path / "there")
    assert cli_config.find_mirror([tmp_path / "missing", tmp_path]) == mirror


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        ("x86_64", "linux_amd64"),
        ("aarch64", "linux_arm64"),
        ("riscv64", "linux_riscv64"),
    ],
)
def test_the_platform_is_written_as_terraform_writes_it(
    monkeypatch: pytest.MonkeyPatch, machine: str, expected: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert cli_config.this_platform() == expected


def test_only_the_aws_provider_comes_from_the_mirror() -> None:
    text = cli_config.configuration(Path("/a/mirror"))
    assert " ".join(text.split()) == (
        'provider_installation { filesystem_mirror { path = "/a/mirror" include = ["hashicorp/aws"] }'
        ' direct { exclude = ["hashicorp/aws"] } }'
    )


def test_a_path_that_looks_like_a_template_stays_a_path() -> None:
    assert '"/a/$${b}\\"c"' in cli_config.configuration(Path('/a/${b}"c'))


def test_a_found_mirror_is_written_and_named(tmp_path: Path) -> None:
    mirror = mirror_at(tmp_path / "mirror")
    variables = cli_config.environment(
        tmp_path / "out", environ={"HOME": str(tmp_path)}, prefixes=[mirror.parent]
    )
    file = tmp_path / "out" / cli_config.FILE_NAME
    assert variables == {**AUTOMATION, "TF_CLI_CONFIG_FILE": str(file)}
    assert file.read_text() == cli_config.configuration(mirror)


def test_without_a_mirror_terraform_is_left_to_its_registry(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli_config.environment(out, environ={"HOME": str(tmp_path)}, prefixes=[tmp_path]) == AUTOMATION
    assert not out.exists()


def test_a_configuration_that_is_not_there_is_replaced_by_an_empty_one(
    tmp_path: Path,
) -> None:
    environ = {"HOME": str(tmp_path), "TF_CLI_CONFIG_FILE": str(tmp_path / "gone")}
    variables = cli_config.environment(tmp_path, environ=environ, prefixes=[])
    assert Path(variables["TF_CLI_CONFIG_FILE"]).read_text() == ""


def test_the_configuration_that_the_user_names_wins(tmp_path: Path) -> None:
    mirror_at(tmp_path / "mirror")
    own = tmp_path / "own.tfrc"
    own.touch()
    environ = {"HOME": str(tmp_path), "TF_CLI_CONFIG_FILE": str(own)}
    assert cli_config.environment(tmp_path / "out", environ=environ, prefixes=[tmp_path]) == AUTOMATION


def test_the_users_terraformrc_wins(tmp_path: Path) -> None:
    mirror_at(tmp_path / "mirror")
    (tmp_path / ".terraformrc").touch()
    environ = {"HOME": str(tmp_path)}
    assert cli_config.environment(tmp_path / "out", environ=environ, prefixes=[tmp_path]) == AUTOMATION
