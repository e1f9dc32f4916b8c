"""AWS's tools see the emulated AWS, and nothing of the developer's own."""

import subprocess

from local.emulator.environment import environment, settings, shell_lines
from tests.local.emulator.clients import REGION

ENDPOINT = "http://127.0.0.1:4566"
DEVELOPERS = {
    "PATH": "/bin:/usr/bin",
    "AWS_PROFILE": "prod",
    "AWS_SESSION_TOKEN": "secret",
    "AWS_CA_BUNDLE": "/bundle.pem",
    "AWS_ENDPOINT_URL_S3": "https://elsewhere.example",
    "AWS_ACCESS_KEY_ID": "real",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_SHARED_CREDENTIALS_FILE": "/home/me/.aws/credentials",
}


def test_nothing_that_the_developer_set_for_aws_remains() -> None:
    made = environment(ENDPOINT, REGION, DEVELOPERS)
    of_aws = {name: value for name, value in made.items() if name.startswith("AWS_")}
    assert of_aws == settings(ENDPOINT, REGION)


def test_everything_else_remains() -> None:
    assert environment(ENDPOINT, REGION, DEVELOPERS)["PATH"] == "/bin:/usr/bin"


def test_no_proxy_stands_before_this_machine() -> None:
    made = environment(ENDPOINT, REGION, {"NO_PROXY": "internal.example"})
    assert made["NO_PROXY"] == "internal.example,127.0.0.1,localhost"
    assert made["no_proxy"] == "127.0.0.1,localhost"


def test_the_lines_to_paste_do_the_same_to_a_shell() -> None:
    script = "; ".join([*shell_lines(ENDPOINT, REGION), "env"])
    finished = subprocess.run(
        ["sh", "-c", script], env=DEVELOPERS, capture_output=True, text=True, check=True
    )
    seen = dict(line.split("=", 1) for line in finished.stdout.splitlines())
    assert settings(ENDPOINT, REGION).items() <= seen.items()
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE"} & seen.keys()
