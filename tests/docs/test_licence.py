"""The licence in the file is the one that the package names."""

import tomllib

from tests.docs.pages import ROOT


def test_the_licence_in_the_package_is_the_one_in_the_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith(f"{project['license']} License")
