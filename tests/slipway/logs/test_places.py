from modules.config.names import Names
from slipway.logs.places import LogPlace, places
from slipway.logs.source import LogSource
from tests.settings import demo

NAMES = Names.of(demo())


def test_each_source_has_its_group_in_each_environment() -> None:
    asked = places(NAMES, NAMES.environments, [LogSource.APP, LogSource.AGENT, LogSource.DEPLOY])
    assert [each.group for each in asked] == [
        "/my-app/staging/app",
        "/my-app/staging/agent",
        "/my-app/staging/deployments",
        "/my-app/prod/app",
        "/my-app/prod/agent",
        "/my-app/prod/deployments",
    ]


def test_builds_have_one_group_for_all_environments() -> None:
    assert places(NAMES, NAMES.environments, [LogSource.BUILD]) == [
        LogPlace("/my-app/delivery/build", LogSource.BUILD, "my-app-delivery")
    ]


def test_a_source_that_is_named_twice_is_read_once() -> None:
    assert (
        len(
            places(
                NAMES,
                NAMES.environments[:1],
                [LogSource.APP, LogSource.BUILD, LogSource.APP, LogSource.BUILD],
            )
        )
        == 2
    )


def test_a_stream_names_its_host_but_not_that_of_a_build() -> None:
    app = LogPlace("/my-app/staging/app", LogSource.APP, "my-app-staging", "staging")
    assert app.host("i-0abc/c0ffee") == "i-0abc"
    assert LogPlace("/my-app/delivery/build", LogSource.BUILD, "my-app-delivery").host("0abc/def") is None
