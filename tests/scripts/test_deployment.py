"""What start_server.sh and health_check.sh do to a host when all is well, and in which order."""

import pytest

from tests.scripts.host import Host, image

START = [
    "login",
    "pull",
    "tag",
    "aws ssm get-parameters-by-path",
    "aws logs create-log-stream",
    "create my-app-next",
    "rename my-app my-app-previous",
    "rename my-app-next my-app",
    "stop my-app-previous",
    "start my-app",
    "update my-app",
    "update my-app-previous",
]


def test_everything_that_can_fail_because_of_others_comes_before_anything_is_stopped(host: Host) -> None:
    assert host.start("two").status == 0

    assert host.actions() == START


def test_the_image_is_pulled_and_started_by_its_digest(host: Host) -> None:
    host.deploy("two")

    assert [call for call in host.world["calls"] if call.startswith("docker pull")] == [
        f"docker pull --quiet {image('two')}"
    ]
    assert host.container("my-app")["Image"] == image("two")


def test_nothing_but_the_new_container_is_left_once_it_is_healthy(host: Host) -> None:
    host.deploy("two")

    assert host.serving() == "two"
    assert list(host.world["containers"]) == ["my-app"]


def test_the_old_container_waits_stopped_until_the_new_one_is_healthy(host: Host) -> None:
    host.start("two")

    assert host.container("my-app-previous")["State"]["Status"] == "exited"
    assert host.container("my-app-previous")["RestartPolicy"] == "no"


def test_a_first_deployment_stops_nothing(new_host: Host) -> None:
    new_host.deploy("one")

    assert new_host.serving() == "one"
    assert not [action for action in new_host.actions() if action.startswith(("stop", "rm"))]


def test_the_same_revision_again_changes_nothing(host: Host) -> None:
    before = host.container("my-app")

    assert host.deploy("one").status == 0

    assert host.container("my-app") == before
    assert host.actions() == ["tag", "aws ssm get-parameters-by-path", "update my-app"]


def test_the_same_revision_with_another_configuration_is_started_anew(host: Host) -> None:
    host.world["parameters"] = [{"Name": "/my-app/prod/GREETING", "Value": "good evening"}]

    host.deploy("one")

    assert host.container("my-app")["Environment"] == "GREETING=good evening\n"


def test_the_same_revision_is_started_anew_if_it_does_not_answer(host: Host) -> None:
    host.build("one", health="500")

    ended = host.start("one")

    assert ended.status == 0
    assert "commit one is already running, but /readyz answers 500: replacing it" in ended.out
    assert "start my-app" in host.actions()


def test_going_back_to_an_image_that_is_there_does_not_ask_the_registry(host: Host) -> None:
    host.deploy("two")
    host.fault("docker (login|pull)", "no route to host")

    host.deploy("one")

    assert host.serving() == "one"


def test_an_older_revision_is_deployed_like_a_newer_one(host: Host) -> None:
    host.deploy("two")
    host.actions()

    host.start("one")

    known = ("login", "pull", "aws logs create-log-stream")
    assert host.actions() == [action for action in START if action not in known]


def test_the_container_can_write_nothing_but_tmp_and_gain_nothing(host: Host) -> None:
    given = " ".join(host.container("my-app")["Arguments"])

    for each in ("--read-only", "--tmpfs=/tmp", "--cap-drop ALL", "--security-opt no-new-privileges"):
        assert each in given


@pytest.mark.parametrize(
    ("mib", "limit"), [(16384, 13108), (3814, 3052), (1905, 1393), (1024, 512), (460, 230)]
)
def test_the_container_has_the_memory_that_the_others_leave_and_no_swap(
    new_host: Host, mib: int, limit: int
) -> None:
    """A fifth or 512 MiB, whichever is more, are the agents', Docker's and the system's; at most half."""
    new_host.world["memory"] = mib * 1024 * 1024

    new_host.deploy("one")

    given = " ".join(new_host.container("my-app")["Arguments"])
    assert f"--memory {limit}m --memory-swap {limit}m --pids-limit 1024" in given
    assert "--cpus" not in given


def test_limits_come_with_the_revision_and_go_back_with_it(host: Host) -> None:
    host.revision(
        "two", memory_mib=700, cpus=1.5, pids=64, tmpfs=["/tmp", "/run/app:size=8m"], stop_seconds=90
    )

    host.deploy("two")
    given = " ".join(host.container("my-app")["Arguments"])
    host.deploy("one")

    assert "--memory 700m --memory-swap 700m --pids-limit 64 --stop-timeout 90" in given
    assert "--tmpfs=/tmp --tmpfs=/run/app:size=8m" in given
    assert "--cpus 1.5" in given
    back = " ".join(host.container("my-app")["Arguments"])
    assert "--pids-limit 1024 --stop-timeout 30" in back


def test_the_containers_port_comes_with_the_revision_and_the_hosts_stays(new_host: Host) -> None:
    new_host.facts |= {"PUBLISH": "127.0.0.1:9"}
    new_host.revision("one", port=3000)

    new_host.deploy("one")

    given = " ".join(new_host.container("my-app")["Arguments"])
    assert "--publish 127.0.0.1:9:3000" in given
    assert "--env PORT=3000" in given


def test_a_host_publishes_the_port_that_the_load_balancer_knows(new_host: Host) -> None:
    del new_host.facts["PUBLISH"]
    new_host.facts["HOST_PORT"] = "9"
    new_host.revision("one", port=3000)

    new_host.deploy("one")

    assert "--publish 0.0.0.0:9:3000" in " ".join(new_host.container("my-app")["Arguments"])
    assert new_host.world["asked"][0] == "http://127.0.0.1:9/readyz"


def test_a_host_of_the_version_before_publishes_the_one_port_that_it_has(new_host: Host) -> None:
    for name in ("PUBLISH", "HOST_PORT"):
        del new_host.facts[name]
    new_host.facts |= {"CONTAINER_PORT": "9", "HEALTH_PATH": "/old"}
    new_host.revision("one", port=3000, health_path="/new")

    new_host.deploy("one")

    assert "--publish 0.0.0.0:9:3000" in " ".join(new_host.container("my-app")["Arguments"])
    assert {each for each in new_host.world["asked"] if "version" not in each} == {"http://127.0.0.1:9/new"}


def test_what_is_brought_back_is_asked_as_it_was_when_it_was_deployed(host: Host) -> None:
    host.build("two", health="503")
    host.revision("two", health_path="/new")
    host.start("two")
    host.world["asked"] = []

    ended = host.check("two")

    assert host.world["asked"][-1] == "http://127.0.0.1:9/readyz"
    assert "commit one, serves again" in ended.out


@pytest.mark.parametrize(
    ("facts", "app", "why"),
    [
        ({"AWS_ACCESS": "false"}, {"aws_access": True}, "the service needs the host's role"),
        (
            {"ARCHITECTURE": "x86_64"},
            {"architecture": "arm64"},
            "the image is built for arm64, but this host is x86_64",
        ),
        ({}, {"memory_mib": 4000}, "app.memory_mib is 4000, but this host has 3814 MiB"),
    ],
)
def test_a_host_that_cannot_carry_a_release_says_so_and_touches_nothing(
    host: Host, facts: dict[str, str], app: dict[str, object], why: str
) -> None:
    host.facts |= facts
    host.revision("two", **app)
    host.actions()

    ended = host.start("two")

    assert ended.status == 1
    assert "this host cannot run commit two: renew this host; nothing was changed" in ended.err
    assert why in ended.err
    assert not [action for action in host.actions() if action.startswith(("stop", "rename", "rm", "start"))]
    assert host.serving() == "one"


def test_a_host_that_still_lets_containers_use_its_role_is_named(host: Host) -> None:
    host.facts["AWS_ACCESS"] = "true"

    ended = host.start("two")

    assert ended.status == 0
    assert (
        "WARNING: containers on this host can reach its role, although app.aws_access is false" in ended.err
    )


def test_the_container_comes_back_after_a_reboot(host: Host) -> None:
    host.reboot()

    assert host.serving() == "one"


def test_the_container_logs_to_cloudwatch_without_waiting_for_it(host: Host) -> None:
    given = " ".join(host.container("my-app")["Arguments"])

    assert "--log-driver awslogs" in given
    assert "--log-opt awslogs-group=/my-app/prod/app" in given
    assert "--log-opt mode=non-blocking" in given


def test_another_log_driver_gets_no_options_of_cloudwatch(new_host: Host) -> None:
    new_host.facts["LOG_DRIVER"] = "json-file"

    new_host.deploy("one")

    given = " ".join(new_host.container("my-app")["Arguments"])
    assert "--log-driver json-file" in given
    assert "awslogs" not in given


def test_the_container_says_what_it_was_made_from(host: Host) -> None:
    labels = host.container("my-app")["Config"]["Labels"]

    del labels["slipway.fingerprint"]
    assert labels == {
        "slipway.service": "my-app",
        "slipway.environment": "prod",
        "slipway.commit": "one",
        "slipway.digest": image("one").partition("@")[2],
        "slipway.deployment": "d-one",
        "slipway.health-path": "/readyz",
        "slipway.built_at": "2026-11-01T10:00:00Z",
    }


@pytest.mark.parametrize(("access", "told"), [(True, True), (False, False)])
def test_the_region_is_told_only_to_a_container_that_may_use_aws(
    new_host: Host, access: bool, told: bool
) -> None:
    new_host.facts["AWS_ACCESS"] = "true"
    new_host.revision("one", aws_access=access)

    new_host.deploy("one")

    given = new_host.container("my-app")["Arguments"]
    assert ("AWS_REGION=eu-central-1" in given) is told


def test_the_container_has_a_network_of_its_own_and_so_the_hosts_role_is_a_hop_too_far(
    new_host: Host,
) -> None:
    new_host.deploy("one")

    given = new_host.container("my-app")["Arguments"]
    assert "--publish" in given
    assert [each for each in given if each.startswith(("--net", "--privileged", "--cap-add"))] == []


def test_the_password_of_the_registry_is_in_no_command_and_no_file_afterwards(new_host: Host) -> None:
    new_host.deploy("one")

    named = [call for call in new_host.world["calls"] if "a-token" in call]
    assert [call.partition(" <a-token")[0] for call in named] == [
        "docker login --username AWS --password-stdin 123456789012.dkr.ecr.eu-central-1.amazonaws.com"
    ]
    assert new_host.files() == ["my-app.lock"]


def test_the_three_images_that_were_deployed_last_are_kept(host: Host) -> None:
    for commit in ("two", "three", "four", "five"):
        host.build(commit)
        host.deploy(commit)

    kept = {digest for each in host.world["images"] for digest in each["RepoDigests"]}
    assert kept == {image("three"), image("four"), image("five")}


def test_an_image_counts_as_new_when_it_is_deployed_again(host: Host) -> None:
    for commit in ("two", "three", "one", "four"):
        host.build(commit)
        host.deploy(commit)

    kept = {digest for each in host.world["images"] for digest in each["RepoDigests"]}
    assert kept == {image("one"), image("three"), image("four")}


def test_names_that_others_gave_an_image_are_left_alone(host: Host) -> None:
    host.world["images"][0]["RepoTags"].append("somebody/else:1")
    for commit in ("two", "three", "four"):
        host.build(commit)
        host.deploy(commit)

    assert [each["RepoTags"] for each in host.world["images"] if not each["RepoDigests"]] == [
        ["somebody/else:1"]
    ]


def test_a_deployment_does_not_fail_because_an_old_image_stays(host: Host) -> None:
    host.fault("docker image rm", "conflict")
    for commit in ("two", "three", "four"):
        host.build(commit)
        ended = host.start(commit)
        host.check(commit)

    assert ended.status == 0
    assert "WARNING: old images were not deleted: conflict" in ended.err


def test_going_back_to_an_image_that_is_there_does_not_look_for_old_ones(host: Host) -> None:
    host.deploy("two")
    host.world["calls"] = []

    host.deploy("one")

    assert not [call for call in host.world["calls"] if call.startswith("docker image ls")]
