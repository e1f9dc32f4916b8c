"""Which host stands for which instance, and what a build is given."""

import io
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from local.player.machines import Machines, commit_of, unpack
from local.rehearsal.machines.docker_engine import DockerEngine
from local.rehearsal.machines.host import Host
from slipway.console.errors import SlipwayError


@dataclass
class Attached:
    """A load balancer that notes who was attached."""

    told: list[str] = field(default_factory=list)

    def attach(self, host: str) -> None:
        self.told.append(host)


@dataclass(frozen=True)
class Engine(DockerEngine):
    """One on which nothing runs."""

    def docker(self, *_: str, **__: object) -> str:
        return ""

    def can(self, *_: str) -> bool:
        return True


def machines(directory: Path) -> tuple[Machines, Attached]:
    engine, balancer = Engine({}, private=True), Attached()
    hosts = tuple(
        Host(name, engine, "my-app", "127.0.0.1", 1, directory / name, {}) for name in ("host-1", "host-2")
    )
    for host in hosts:
        host.agent_root.mkdir(parents=True)
    testbed = SimpleNamespace(hosts=hosts, targets=balancer)
    return Machines(cast(Any, testbed), cast(Any, None)), balancer


def test_a_host_whose_instance_is_gone_starts_anew_for_the_one_in_its_place(tmp_path: Path) -> None:
    played, balancer = machines(tmp_path)
    played.stand_for({"i-1", "i-2"})
    played.stand_for({"i-1", "i-2"})
    assert balancer.told == ["host-1", "host-2"]
    assert (tmp_path / "host-1" / "deployment-root").is_dir()

    played.stand_for({"i-2", "i-3"})
    assert balancer.told == ["host-1", "host-2", "host-1"]
    assert not (tmp_path / "host-1" / "deployment-root").exists()
    assert (tmp_path / "host-2" / "deployment-root").is_dir()


def test_more_instances_than_there_are_hosts_are_refused(tmp_path: Path) -> None:
    played, balancer = machines(tmp_path)
    with pytest.raises(SlipwayError, match="3 instances are running, but there are only 2 hosts"):
        played.stand_for({"i-1", "i-2", "i-3"})
    assert balancer.told == []


def test_an_archive_keeps_its_modes(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        program = zipfile.ZipInfo("scripts/run.sh")
        program.external_attr = 0o755 << 16
        archive.writestr(program, "#!/bin/sh\n")
        archive.writestr("app/Dockerfile", "FROM scratch\n")
    unpack(content.getvalue(), tmp_path / "source")
    assert (tmp_path / "source" / "scripts" / "run.sh").stat().st_mode & stat.S_IXUSR
    assert (tmp_path / "source" / "app" / "Dockerfile").read_text() == "FROM scratch\n"


def test_a_build_without_a_commit_names_its_image_as_the_build_script_does() -> None:
    assert commit_of("my-app-build:1f2e-3d") == "my-app-build-1f2e-3d"
