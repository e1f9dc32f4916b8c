from modules.config.names import Names
from slipway.logs.log_groups import ServiceLogGroup, log_groups
from slipway.logs.source import LogSource
from tests.settings import demo

NAMES = Names.of(demo())


def test_each_source_has_its_group_in_each_environment() -> None:
    asked = log_groups(NAMES, NAMES.environments, [LogSource.APP, LogSource.AGENT, LogSource.DEPLOY])
    assert [each.name for each in asked] == [
        "/my-app/staging/app",
        "/my-app/staging/agent",
        "/my-app/staging/deployments",
        "/my-app/prod/app",
        "/my-app/prod/agent",
        "/my-app/prod/deployments",
    ]


def test_commands_have_a_group_in_each_environment_and_no_host() -> None:
    staging, prod = log_groups(NAMES, NAMES.environments, [LogSource.RUN])
    assert (staging.name, prod.name) == ("/my-app/staging/run", "/my-app/prod/run")
    assert staging.host("0f7a/1") is None


def test_builds_have_one_group_for_all_environments() -> None:
    assert log_groups(NAMES, NAMES.environments, [LogSource.BUILD]) == [
        ServiceLogGroup("/my-app/delivery/build", LogSource.BUILD, "my-app-delivery")
    ]


def test_a_source_that_is_named_twice_is_read_once() -> None:
    assert (
        len(
            log_groups(
                NAMES,
                NAMES.environments[:1],
                [LogSource.APP, LogSource.BUILD, LogSource.APP, LogSource.BUILD],
            )
        )
        == 2
    )


def test_a_stream_names_its_host_but_not_that_of_a_build() -> None:
    app = ServiceLogGroup("/my-app/staging/app", LogSource.APP, "my-app-staging", "staging")
    assert app.host("i-0abc/c0ffee") == "i-0abc"
    assert (
        ServiceLogGroup("/my-app/delivery/build", LogSource.BUILD, "my-app-delivery").host("0abc/def") is None
    )
