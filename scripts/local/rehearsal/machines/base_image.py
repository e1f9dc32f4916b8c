"""The base image of the rehearsal's builds: the real one, or a stand-in if it cannot be pulled.

The stand-in is this machine's own Python with a shell: enough for a Dockerfile that installs from locked
requirements. It is packed in memory and passed to ``docker import``; nothing is written to disk.
"""

import io
import os
import re
import ssl
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path

from local.rehearsal.machines.docker_engine import DockerEngine
from slipway.console.errors import SlipwayError

PULL_SECONDS = 120.0
TOOLS = ("sh", "cat", "cp", "ls", "mkdir", "mv", "rm", "touch", "true", "false", "id", "env", "sleep", "grep")
UNWANTED = re.compile(
    r"(^|/)(__pycache__|test|tests|idlelib|tkinter|turtledemo|site-packages|config-[^/]*)(/|$)|\.a$"
)
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
LIBRARY = re.compile(r"(?:=> )?(/\S+) \(0x")
WHEELS = ("libdl.so.2", "libgcc_s.so.1", "libm.so.6", "libpthread.so.0", "librt.so.1", "libutil.so.1")
"""Libraries that every Debian has and that wheels may rely on (PEP 600)."""

CHANGES = (
    "ENV PATH=/usr/local/bin:/usr/bin LANG=C.UTF-8",
    f"ENV SSL_CERT_FILE={CERTIFICATES} PIP_CERT={CERTIFICATES}",
    "CMD python3",
)


def named_in(dockerfile: Path) -> str:
    """The base image that a Dockerfile uses by default: the value of ``ARG BASE_IMAGE``.

    Raises SlipwayError if the Dockerfile has no such line.
    """
    found = re.search(r"^ARG BASE_IMAGE=(\S+)", dockerfile.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SlipwayError(
            f"{dockerfile} has no line ARG BASE_IMAGE=…",
            then="add it: a rehearsal replaces the base image if it cannot be pulled",
        )
    return found[1]


def is_available(engine: DockerEngine, image: str) -> bool:
    """Whether the engine has the image or can pull it within 120 seconds."""
    if engine.can("image", "inspect", image):
        return True
    try:
        pulled = subprocess.run(
            ["docker", "pull", "--quiet", image],
            env={**os.environ, **engine.environment},
            capture_output=True,
            check=False,
            timeout=PULL_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return pulled.returncode == 0


def stand_in(engine: DockerEngine, name: str) -> None:
    """Imports an image of that name into the engine, made of this machine's Python.

    Its one layer contains the name, so that stand-ins with different names share no layer.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        _directories(archive)
        for source, target in _files():
            archive.add(source, target, recursive=False)
        _write(archive, "etc/stand-in", f"{name}\n".encode())
        for link, to in _links().items():
            _link(archive, link, to)
    changes = [word for change in CHANGES for word in ("--change", change)]
    engine.docker("import", *changes, "-", name, stdin=packed.getvalue())


def _directories(archive: tarfile.TarFile) -> None:
    for name, mode in (("tmp", 0o1777), ("root", 0o700), ("etc", 0o755), ("proc", 0o755), ("usr/lib", 0o755)):
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode = tarfile.DIRTYPE, mode
        archive.addfile(entry)


def _files() -> Iterator[tuple[Path, str]]:
    """The files of the image: each one's path on this machine, and its path in the image."""
    programs = [Path("/usr/bin") / tool for tool in TOOLS]
    python = Path(sys.base_prefix) / "bin" / f"python{_version()}"
    standard = list(_below(Path(sysconfig.get_path("stdlib")), f"usr/local/lib/python{_version()}"))
    yield from ((program.resolve(), f"usr/bin/{program.name}") for program in programs if program.exists())
    yield python.resolve(), f"usr/local/bin/python{_version()}"
    yield from standard
    yield from _below(_pip(), f"usr/local/lib/python{_version()}/site-packages/pip")
    binaries = [python, *programs, *(source for source, _ in standard if source.suffix == ".so")]
    yield from ((library.resolve(), f"usr/lib/{library.name}") for library in _libraries(binaries))
    yield _certificates().resolve(), CERTIFICATES.removeprefix("/")


def _links() -> dict[str, str]:
    return {
        "bin": "usr/bin",
        "lib": "usr/lib",
        "lib64": "usr/lib",
        "usr/lib64": "lib",
        "usr/local/bin/python3": f"python{_version()}",
        "usr/local/bin/python": f"python{_version()}",
    }


def _write(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o644
    archive.addfile(entry, io.BytesIO(content))


def _link(archive: tarfile.TarFile, link: str, to: str) -> None:
    entry = tarfile.TarInfo(link)
    entry.type, entry.linkname = tarfile.SYMTYPE, to
    archive.addfile(entry)


def _below(directory: Path, target: str) -> Iterator[tuple[Path, str]]:
    for path in sorted(directory.rglob("*")):
        inside = path.relative_to(directory).as_posix()
        if path.is_file() and (target.endswith("/pip") or not UNWANTED.search(inside)):
            yield path, f"{target}/{inside}"


def _libraries(binaries: list[Path]) -> list[Path]:
    """The shared libraries of the programs, with the dynamic loader, as ldd lists them."""
    existing = [str(binary) for binary in binaries if binary.exists()]
    asked = subprocess.run(["ldd", *existing], capture_output=True, text=True, check=False)
    found = {Path(path) for path in LIBRARY.findall(asked.stdout)}
    beside = {library.with_name(name) for library in found if library.name == "libc.so.6" for name in WHEELS}
    return sorted(found | {library for library in beside if library.exists()})


def _pip() -> Path:
    """The directory of the pip that ``make setup`` installed with."""
    import pip  # noqa: PLC0415  # takes 0.2 s, and only a stand-in needs it

    return Path(pip.__path__[0])


def _certificates() -> Path:
    """The file of certificate authorities that this machine trusts: builds download with it.

    Raises SlipwayError if none is found.
    """
    paths = ssl.get_default_verify_paths()
    for name in (os.environ.get("SSL_CERT_FILE"), CERTIFICATES, paths.cafile, paths.openssl_cafile):
        if name and Path(name).is_file():
            return Path(name)
    raise SlipwayError("no file of trusted certificates was found", then="set SSL_CERT_FILE to one")


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
