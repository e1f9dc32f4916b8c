"""Mistakes in what names, tags and runs the service."""

import pytest

from tests.modules.config.mistakes import complaints
from tests.settings import ACCOUNT, BOUNDARY_ARN, Table, table

OTHER = "999999999999"
LONG = "a-service-with-a-long-name"
SLUG = "must be lower-case letters, digits and single hyphens, starting with a letter, such as"
KEEPS = "all names would begin with it, but AWS reserves it"
QUOTED = 'must be text in quotes: "'
BUCKET = "must be 3 to 63 lower-case letters, digits and hyphens, no hyphen at either end"
TAG = "may contain only letters, digits, spaces and _ . : / = + - @"
TAG_SPACES = "must have no space at either end of its key and value: AWS removes or refuses it"
HEALTH_PATH = 'must be a path that starts with /, without spaces or quotes, such as "/readyz"'
POLICY_ARN = "must be the ARN of an IAM policy, such as arn:aws:iam::<account>:policy/<name>"

MISTAKES: list[tuple[Table, str]] = [
    (table(service="My App"), f'service = "My App": {SLUG} "my-app"'),
    (table(service="my--app"), f'service = "my--app": {SLUG} "my-app"'),
    (table(service="my-app\n"), f'service = "my-app\\n": {SLUG} "my-app"'),
    (
        table(service="a"),
        'service = "a": must have at least 2 characters: ECR allows no shorter repository name',
    ),
    (table(service="aws-app"), f'service = "aws-app": must not begin with "aws": {KEEPS}'),
    (table(service="ssm"), f'service = "ssm": must not begin with "ssm": {KEEPS}'),
    (table(service="internal-api"), f'service = "internal-api": must not begin with "internal-": {KEEPS}'),
    (table(service="internal"), f'service = "internal": must not begin with "internal-": {KEEPS}'),
    (
        table(service=f"{LONG}-really"),
        (
            f'service = "{LONG}-really": makes the artifact bucket\'s name 69 characters long,'
            f' but AWS allows 63 ("{LONG}-really-artifacts-{ACCOUNT}-eu-central-1"): shorten it by 6'
        ),
    ),
    (
        table(service=LONG),
        (
            'environments.staging.name = "staging": makes the target group\'s name 39 characters'
            f' long, but AWS allows 32 ("{LONG}-staging-8080"): shorten it or the service\'s name by 7'
        ),
    ),
    (table(account="12345"), 'account = "12345": must be 12 digits in quotes, such as "123456789012"'),
    (
        table(region="eu-cental-1"),
        'region = "eu-cental-1": must be an AWS region; did you mean "eu-central-1"?',
    ),
    (table(region="Frankfurt"), 'region = "Frankfurt": must be an AWS region; for example "eu-central-1"'),
    (
        table(region="cn-north-1"),
        'region = "cn-north-1": is in a partition other than aws, which is not supported',
    ),
    (table(state_bucket="My_State"), f'state_bucket = "My_State": {BUCKET}'),
    (
        table(state_bucket="state-s3alias"),
        (
            'state_bucket = "state-s3alias": must not begin or end as S3\'s own names do'
            " (xn--, sthree-, -s3alias …)"
        ),
    ),
    (
        table(state_bucket=f"my-app-artifacts-{ACCOUNT}-eu-central-1"),
        (
            f'state_bucket = "my-app-artifacts-{ACCOUNT}-eu-central-1":'
            " is the name of the artifact bucket: choose another"
        ),
    ),
    (
        table(log_retention_days=100),
        "log_retention_days = 100: must be a retention that CloudWatch Logs offers; the nearest is 90",
    ),
    (table(permissions_boundary="boundary"), f'permissions_boundary = "boundary": {POLICY_ARN}'),
    (
        table(permissions_boundary=BOUNDARY_ARN.replace(ACCOUNT, OTHER)),
        (
            f'permissions_boundary = "arn:aws:iam::{OTHER}:policy/boundaries/pipeline":'
            f" must be a policy of the service's account, {ACCOUNT}"
        ),
    ),
    (
        table(tags={"service": "x"}),
        'tags.service = "x": is set for every resource already and cannot be replaced: choose another key',
    ),
    (
        table(tags={"Name": "x"}),
        'tags.Name = "x": is set for every resource already and cannot be replaced: choose another key',
    ),
    (
        table(tags={"aws:team": "x"}),
        'tags."aws:team" = "x": must not begin with "aws:", which AWS reserves',
    ),
    (table(tags={"team": "a&b"}), f'tags.team = "a&b": {TAG}'),
    (
        table(tags={"team": "${x}"}),
        f'tags.team = "${{x}}": {TAG}; Terraform would read ${{ and %{{ as expressions',
    ),
    (table(tags={"team": 1}), f'tags.team = 1: {QUOTED}1"'),
    (
        table(tags={"": "x"}),
        'tags."" = "x": must have a key of 1 to 127 and a value of at most 255 characters',
    ),
    (
        table(tags={"k" * 128: "x"}),
        f'tags.{"k" * 79}… = "x": must have a key of 1 to 127 and a value of at most 255 characters',
    ),
    (
        table(tags={"team": "v" * 256}),
        f'tags.team = "{"v" * 78}…: must have a key of 1 to 127 and a value of at most 255 characters',
    ),
    *(
        (table(tags={key: value}), f"{line}: {TAG_SPACES}")
        for key, value, line in (
            (" team", "x", 'tags." team" = "x"'),
            ("team ", "x", 'tags."team " = "x"'),
            ("team", " x", 'tags.team = " x"'),
            ("team", "x ", 'tags.team = "x "'),
            ("team", " ", 'tags.team = " "'),
        )
    ),
    (
        table(tags={"team": "a", "Team": "b"}),
        'tags.Team = "b": is set twice: IAM does not distinguish upper and lower case in tag keys',
    ),
    (
        table(tags={f"k{n}": "" for n in range(47)}),
        "tags: must have at most 46 tags; it has 47: AWS allows 50, and four are set already",
    ),
    (table(app={"port": 0}), "app.port = 0: must be between 1 and 65535"),
    (table(app={"port": 65536}), "app.port = 65536: must be between 1 and 65535"),
    (table(app={"port": 2**200}), "app.port = (a very large number): must be between 1 and 65535"),
    (
        table(hosts={"host_port": 22}),
        "hosts.host_port = 22: is used by the SSH server of the hosts; choose another, such as 8080",
    ),
    (
        table(hosts={"codedeploy_agent": "latest"}),
        (
            'hosts.codedeploy_agent = "latest": must be a version of the agent with its build,'
            ' as its packages are named: "1.8.1-26"'
        ),
    ),
    (table(app={"health_seconds": 500}), "app.health_seconds = 500: must be between 10 and 450"),
    (table(app={"stop_seconds": 0}), "app.stop_seconds = 0: must be between 1 and 300"),
    (table(app={"memory_mib": 16}), "app.memory_mib = 16: must be between 32 and 8388608"),
    (table(app={"cpus": 0.001}), "app.cpus = 0.001: must be between 0.01 and 1024"),
    (table(app={"pids": 1}), "app.pids = 1: must be between 16 and 4194304"),
    (
        table(app={"tmpfs": ["tmp"]}),
        (
            'app.tmpfs[0] = "tmp": must be an absolute path, and may have options,'
            ' such as "/tmp" or "/var/cache:size=64m"'
        ),
    ),
    (table(app={"health_path": "ready"}), f'app.health_path = "ready": {HEALTH_PATH}'),
    (
        table(app={"health_path": "/${x}"}),
        f'app.health_path = "/${{x}}": {HEALTH_PATH}; Terraform would read ${{ and %{{ as expressions',
    ),
    (table(app={"health_path": "/$(reboot)"}), f'app.health_path = "/$(reboot)": {HEALTH_PATH}'),
]


@pytest.mark.parametrize(("data", "line"), MISTAKES, ids=[line[:60] for _, line in MISTAKES])
def test_a_mistake_gives_one_plain_line(data: Table, line: str) -> None:
    assert complaints(data) == [line]
