"""Checks what ruff does not: shell, Dockerfiles, workflows, and forbidden content in any file."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PIP_LOCKS = (
    "requirements.txt",
    "engines/cdktn/requirements.txt",
    "app/requirements.txt",
    "app/requirements-test.txt",
    "scripts/build/sbom.txt",
    "scripts/dev/audit.txt",
    "tests/security/scan/checkov.txt",
)
NPM_LOCKS = ("package-lock.json", "engines/cdktn/package-lock.json")
PHRASES = Path(__file__).with_name("phrases.toml")
SYNTHESISED = ("constructs_lib/user_data.sh", "tests/golden/", "tests/integration/golden/")
"""Files with texts of synthesised resources: another text would replace the resources."""
LOCKS = dict.fromkeys(NPM_LOCKS, '"resolved"') | dict.fromkeys(PIP_LOCKS, "://")
MADE_HERE = {
    *(".venv", ".venv-cdktn", "node_modules", "cdktf.out", ".slipway", ".terraform", "__pycache__"),
    *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"),
}


def main() -> int:
    """Prints the problems, one per line; returns the exit code, 0 or 1."""
    files = repository_files()
    complaints = [
        *addresses_in_locks(),
        *(place for file in files for place in places_on_this_machine(file)),
        *carriage_returns(files),
        *(phrase for file in files for phrase in phrases(file)),
    ]
    for complaint in complaints:
        print(complaint)
    shell = subprocess.run([BIN / "shellcheck", *filter(is_shell, files)], cwd=ROOT, check=False)
    docker = subprocess.run([BIN / "hadolint", *filter(is_dockerfile, files)], cwd=ROOT, check=False)
    workflows = subprocess.run(
        [BIN / "actionlint", "-shellcheck", BIN / "shellcheck", *filter(is_workflow, files)],
        cwd=ROOT,
        check=False,
    )
    return 1 if complaints or shell.returncode or docker.returncode or workflows.returncode else 0


def repository_files() -> list[Path]:
    """Every file that is committed or untracked; outside git, every file that is not generated."""
    if not (ROOT / ".git").exists():
        return list(archived_files(ROOT))
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def archived_files(directory: Path) -> Iterator[Path]:
    """Every file below a directory, except what ``make`` creates."""
    for path in sorted(directory.iterdir()):
        if path.name in MADE_HERE or path.suffix == ".egg-info" or path == ROOT / "build":
            continue
        if path.is_dir():
            yield from archived_files(path)
        elif path.is_file():
            yield path


def is_shell(file: Path) -> bool:
    """Whether a file is a shell script, by its name or its first line."""
    if file.suffix in {".sh", ".bash"}:
        return True
    with file.open("rb") as content:
        first = content.readline(80)
    return first.startswith(b"#!") and first.split()[-1].endswith(b"sh")


def is_dockerfile(file: Path) -> bool:
    """Whether a file is a Dockerfile."""
    return file.name == "Dockerfile" or file.suffix == ".Dockerfile"


def is_workflow(file: Path) -> bool:
    """Whether a file is a workflow of GitHub Actions."""
    return file.parent == ROOT / ".github" / "workflows"


def addresses_in_locks() -> Iterator[str]:
    """Addresses in lock files, which must not depend on one machine's registry."""
    for lock, address in LOCKS.items():
        for number, line in enumerate((ROOT / lock).read_text().splitlines(), start=1):
            if address in line:
                yield f"{lock}:{number}: an address in a lock file; run `make lock`: {line.strip()}"


def places_on_this_machine(file: Path) -> Iterator[str]:
    """Paths of this machine, which do not exist on others."""
    places = {f"{ROOT}/", f"{Path.home()}/"} - {"//"}
    for number, line in enumerate(file.read_bytes().decode(errors="replace").splitlines(), start=1):
        for place in places:
            if place in line:
                yield f"{file.relative_to(ROOT)}:{number}: contains {place}, a path of this machine only"


def phrases(file: Path) -> Iterator[str]:
    """The phrases of phrases.toml in a file, also across line breaks."""
    name = file.relative_to(ROOT).as_posix()
    if name.startswith(SYNTHESISED) or name == PHRASES.relative_to(ROOT).as_posix():
        return
    text = file.read_bytes().decode(errors="replace")
    if not any_phrase().search(text):
        return
    for phrase, better in listed_phrases():
        for found in phrase.finditer(text):
            number = text.count("\n", 0, found.start()) + 1
            said = " ".join(found[0].split())
            yield f"{name}:{number}: {said!r} is hard to understand; write: {better}"


@cache
def listed_phrases() -> list[tuple[re.Pattern[str], str]]:
    """The phrases, and what to write instead."""
    listed: dict[str, str] = tomllib.loads(PHRASES.read_text("utf-8"))["phrases"]
    return [
        (re.compile(phrase.replace(" ", r"\s+(?:# +)?"), re.IGNORECASE), better)
        for phrase, better in listed.items()
    ]


def any_phrase() -> re.Pattern[str]:
    """Matches where one of the phrases does, in a thirtieth of the time: each begins where a word does."""
    listed = [phrase.pattern for phrase, _better in listed_phrases()]
    return re.compile(rf"\b(?=\w)(?:{'|'.join(listed)})", re.IGNORECASE)


def carriage_returns(files: list[Path]) -> Iterator[str]:
    """One line if files have CR LF line ends, with which shells and make fail."""
    found = [file for file in files if b"\r\n" in file.read_bytes() and b"\0" not in file.read_bytes()]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        yield (
            f"{found[0].relative_to(ROOT)}{more}: lines end in CR LF, with which shell scripts fail;"
            " run git config core.autocrlf input, then git checkout-index --force --all"
        )


if __name__ == "__main__":
    sys.exit(main())
