"""What the README shows is true: its settings load, its examples run."""

import json
from pathlib import Path

from constructs_lib.stack import App

from modules.config.load import parse
from tests.readme import block, build_with_own_resources
from tests.settings import demo
from tests.synthesis import read


def test_the_least_settings_load_and_are_under_fifteen_lines() -> None:
    least = block("toml", "service =")
    assert len(least.strip().splitlines()) < 15
    assert parse(least).service == "my-app"


def test_the_setting_that_lets_the_app_use_the_hosts_role_is_one() -> None:
    least, setting = block("toml", "service ="), block("toml", "aws_access")
    assert parse(f"{least}\n{setting}").app.aws_access is True


def test_the_setting_that_opens_a_way_to_a_database_is_one() -> None:
    least, setting = block("toml", "service ="), block("toml", "environments.egress")
    (environment,) = parse(f"{least}\n{setting}").environments
    assert [(way.port, way.security_group) for way in environment.egress] == [(5432, "sg-0123456789abcdef0")]


def test_the_setting_that_leaves_no_way_out_is_one() -> None:
    least, setting = block("toml", "service ="), block("toml", "endpoints = true")
    of_prod = setting.split('name = "prod"\n')[1]
    (environment,) = parse(f"{least}\n{of_prod}").environments
    assert environment.endpoints is True


def test_a_team_adds_a_queue_of_its_own_and_the_app_may_send_to_it(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    build_with_own_resources(app, demo())
    app.synth()

    everything = read(demo(), tmp_path)
    (queue,) = everything.resources("aws_sqs_queue")
    assert (queue.stack, queue["name"]) == ("my-app-staging", "my-app-staging-jobs")
    (grant,) = (
        resource
        for resource in everything.resources("aws_iam_role_policy")
        if resource["name"] == "send-jobs"
    )
    (statement,) = json.loads(grant["policy"])["Statement"]
    assert statement["Action"] == ["sqs:SendMessage"]
    assert statement["Resource"] == [f"{queue.reference}arn}}"]


def test_the_example_of_a_test_passes() -> None:
    names: dict[str, object] = {}
    exec(block("python", "synth_scope"), names)
    test = names["test_a_bucket_keeps_versions"]
    assert callable(test)
    test()
