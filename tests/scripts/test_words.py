"""Output never delays the restore: it is printed afterwards, bounded and printable."""

import os
import re
import subprocess

import pytest

from tests.scripts import programs
from tests.scripts.host import ROOT, Host
from tests.scripts.test_health_check import checked

SHOWN = 2048  # characters that CodeDeploy's console shows: hook_executor.rb, ScriptLog
PIPE = 65536  # what Linux keeps of what nobody reads: pipe(7)
SCRIPTS = ("lib.sh", "start_server.sh", "health_check.sh", "watch.sh")


def test_the_old_one_serves_again_before_the_log_is_asked_for(host: Host) -> None:
    checked(host, health="503")

    docker = [call.split()[1] for call in host.world["calls"] if call.startswith("docker")]
    assert docker.index("start") < docker.index("logs")


def test_a_log_that_never_comes_is_not_waited_for_with_the_way_back(host: Host) -> None:
    host.build("two", health="503")
    host.start("two")
    host.world |= {"hangs": "docker logs", "slept": 0}

    ended = host.check("two")

    assert host.serving() == "one"
    assert "the log cannot be read: no answer in time" in ended.out
    assert host.world["slept"] < 10 + 10 + 5
    assert list(host.world["containers"]) == ["my-app"], "nothing of it is left either"


def test_what_is_no_text_is_spelled_out(host: Host) -> None:
    host.world["logs"] = b"caf\xe9 \x1b[31m K\xc3\xb6ln\n".decode(errors="surrogateescape")

    said = checked(host, health="503").out

    assert r"caf\xe9 \x1b[31m K\xf6ln" in said or r"caf\xe9 \x1b[31m Köln" in said
    said.encode()


@pytest.mark.parametrize("program", ["docker start", "docker container inspect"])
def test_whatever_a_program_says_is_spelled_out(host: Host, program: str) -> None:
    host.build("two", health="503")
    host.start("two")
    host.fault(program, b"no \xff\xfe such \x00".decode(errors="surrogateescape").replace("\0", ""))

    ended = host.check("two")

    assert r"no \xff\xfe such" in ended.err
    (ended.out + ended.err).encode()


def test_without_python_nothing_is_said_that_is_no_text(host: Host) -> None:
    host.build("two", health="503")
    host.start("two")
    (host.path / "bin" / "python3").write_text("#!/bin/sh\nexit 1\n")
    script = host.revision("two") / "scripts" / "lib.sh"
    call = f"source {script}; tell 1 $'no \\xff text'"

    done = subprocess.run(
        ["bash", "-c", call], env={"PATH": str(host.path / "bin")}, capture_output=True, check=True
    )

    assert done.stdout == b"no ? text\n"


@pytest.mark.parametrize("line", ["x" * 1_000_000, *("y" * 50 + "\n",)])
def test_of_a_long_log_only_the_end_is_said_and_the_reason_is_still_seen(host: Host, line: str) -> None:
    host.world["logs"] = line * (1 if len(line) > 1000 else 10_000)

    ended = checked(host, health="503")

    assert len(ended.out) < 2 * SHOWN
    assert "/readyz answered 503" in (ended.out + ended.err)[-SHOWN:]


@pytest.mark.parametrize("script", ["start_server.sh", "health_check.sh"])
def test_all_that_is_said_fits_where_nobody_reads(host: Host, script: str) -> None:
    """The agent's reader may have died: then the pipe is full one day, and whoever writes waits."""
    host.build("two", health="503")
    if script == "health_check.sh":
        host.start("two")
    host.world["logs"] = "z" * 1_000_000
    host.fault("docker (pull|rename my-app-previous)", "n" * 100_000)

    process = host.begin("two", script)

    assert process.wait(timeout=60) == 1
    host.mend()
    host.deploy("one")
    assert host.serving() == "one"
    for pipe in (process.stdout, process.stderr):
        assert pipe is not None
        pipe.close()


def test_everything_said_together_has_a_limit(host: Host) -> None:
    script = host.revision("two") / "scripts" / "lib.sh"
    call = f"source {script}; for ((i = 0; i < 1000; i++)); do note {'w' * 1000}; done; fail what why next"

    done = subprocess.run(["bash", "-c", call], env=os.environ, capture_output=True, check=False)

    assert len(done.stdout) + len(done.stderr) < PIPE
    assert done.stderr == b"ERROR: what\n  why:  why\n  next: next\n"


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_call_is_limited_by_name(script: str) -> None:
    """docker, aws and curl are functions that limit: only what starts a program by itself gets round them."""
    code = re.sub(r"(?m)^\s*#.*$", "", (ROOT / "scripts" / script).read_text())
    around = r"\b(?:xargs|env|exec|command|nohup|setsid|sudo|timeout)\b[^|;&\n]*\b(?:docker|aws|curl)\b"
    assert re.findall(around, code) == []
    library = (ROOT / "scripts" / "lib.sh").read_text()
    for name in ("docker", "aws", "curl"):
        assert f'{name}() {{\n  within "${{{name.upper()}_SECONDS}}" {name} "${{@}}"\n}}\n' in library


def scenarios(host: Host) -> list[str]:
    """What a host calls in a good release, a bad one, and where the disk is full: each kind once."""
    host.deploy("two")
    host.build("three", health="503")
    host.fault("docker pull", "no space left on device", times=1)
    host.start("three")
    host.check("three")
    kinds = {
        " ".join(call.split()[: 3 if call.startswith(("aws", "docker image", "docker container")) else 2])
        for call in host.world["calls"]
    }
    return sorted(kinds)


def test_whichever_call_hangs_the_old_one_serves_in_the_end(
    deployed: Host, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each call that is made at all hangs whenever it is made, in a release that fails anyway."""
    first = deployed.copy(tmp_path_factory.mktemp("all") / "host")
    kinds = scenarios(first)
    first.close()
    assert {each.split()[1] for each in kinds if each.startswith("docker")} == {
        each.split()[0] for each in programs.DOCKER
    }
    for kind in kinds:
        host = deployed.copy(tmp_path_factory.mktemp("hangs") / "host")
        host.build("two", health="503")
        host.world["hangs"] = f"^{kind}"
        if host.start("two").status == 0:
            host.check("two")
        if host.serving() != "one":
            host.world["hangs"] = ""
            host.deploy("one")
        assert host.serving() == "one", kind
        host.close()
