import time
from collections.abc import Iterator, Sequence
from itertools import islice

import pytest
from botocore.stub import Stubber

from slipway.aws.clients import Aws
from slipway.aws.logs import LogFilter, request
from slipway.console.errors import SlipwayError
from slipway.logs.log_groups import ServiceLogGroup
from slipway.logs.missing import Missing
from slipway.logs.read import LATE_MILLISECONDS, POLL_SECONDS, follow, read
from slipway.logs.source import LogSource
from tests.slipway.accounts import account
from tests.slipway.recorded import recorded

START = int(time.time()) * 1000 - 3_600_000  # CloudWatch Logs takes no lines that are weeks old
STAGING = ServiceLogGroup("/my-app/staging/app", LogSource.APP, "my-app-staging", "staging")
PROD = ServiceLogGroup("/my-app/prod/app", LogSource.APP, "my-app-prod", "prod")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    with account() as aws:
        for group in (STAGING, PROD):
            aws.logs.create_log_group(logGroupName=group.name)
        yield aws


def write(aws: Aws, group: ServiceLogGroup, stream: str, *lines: tuple[int, str]) -> None:
    streams = aws.logs.describe_log_streams(logGroupName=group.name)["logStreams"]
    if stream not in [each["logStreamName"] for each in streams]:
        aws.logs.create_log_stream(logGroupName=group.name, logStreamName=stream)
    events = [{"timestamp": START + at, "message": message} for at, message in lines]
    aws.logs.put_log_events(logGroupName=group.name, logStreamName=stream, logEvents=events)  # type: ignore[arg-type]


def none_missing(groups: Sequence[ServiceLogGroup]) -> Missing:
    return Missing(groups, pytest.fail)


def messages(aws: Aws, *groups: ServiceLogGroup, since: int = 0, pattern: str | None = None) -> list[str]:
    return [
        each.event.message
        for each in read(aws, groups, LogFilter(START + since, pattern), none_missing(groups))
    ]


def test_a_request_says_no_more_than_was_asked() -> None:
    assert request(STAGING.name, LogFilter(START)) == {
        "logGroupName": "/my-app/staging/app",
        "startTime": START,
        "interleaved": True,
    }


def test_a_pattern_and_a_host_are_for_cloudwatch_to_choose_by() -> None:
    assert request(STAGING.name, LogFilter(START, "ERROR", "i-0abc")) == {
        "logGroupName": "/my-app/staging/app",
        "startTime": START,
        "interleaved": True,
        "filterPattern": "ERROR",
        "logStreamNamePrefix": "i-0abc/",
    }


def test_lines_of_all_hosts_and_groups_are_merged_by_time(aws: Aws) -> None:
    write(aws, STAGING, "i-1/c0ffee", (0, "one"), (30, "four"))
    write(aws, STAGING, "i-2/c0ffee", (10, "two"))
    write(aws, PROD, "i-3/c0ffee", (20, "three"), (40, "five"))
    assert messages(aws, STAGING, PROD) == ["one", "two", "three", "four", "five"]


def test_lines_before_the_time_and_beside_the_pattern_are_left_out(aws: Aws) -> None:
    write(aws, STAGING, "i-1/c0ffee", (0, "ERROR old"), (10, "ERROR new"), (20, "fine"))
    assert messages(aws, STAGING, since=10, pattern="ERROR") == ["ERROR new"]


def test_every_page_is_read_even_after_an_empty_one(aws: Aws) -> None:
    asked = {**request(STAGING.name, LogFilter(START))}
    event = {"timestamp": START, "eventId": "1", "logStreamName": "i-1/c0ffee", "message": "at last"}
    with Stubber(aws.logs) as stub:
        stub.add_response("filter_log_events", {"events": [], "nextToken": "a"}, asked)
        stub.add_response("filter_log_events", {"nextToken": "b"}, {**asked, "nextToken": "a"})
        stub.add_response("filter_log_events", {"events": [event]}, {**asked, "nextToken": "b"})
        assert messages(aws, STAGING) == ["at last"]
        stub.assert_no_pending_responses()


def test_where_no_group_is_there_yet_it_says_so_and_what_to_do(aws: Aws) -> None:
    builds = ServiceLogGroup("/my-app/delivery/build", LogSource.BUILD, "my-app-delivery")
    with pytest.raises(
        SlipwayError,
        match=r"log group /my-app/delivery/build not found\n.*not applied.*\n.*(npx cdktf|cdktn) deploy",
    ):
        list(read(aws, [builds], LogFilter(START), Missing([builds], pytest.fail)))


def test_a_group_that_is_not_there_yet_is_said_once_and_read_once_it_is(aws: Aws) -> None:
    builds = ServiceLogGroup("/my-app/delivery/build", LogSource.BUILD, "my-app-delivery")
    said: list[str] = []
    clock = Clock(aws)
    write(aws, STAGING, "i-1/c0ffee", (0, "one"))
    asked = [STAGING, builds]
    lines = follow(
        aws, asked, LogFilter(START), Missing(asked, said.append), now=clock.now, sleep=clock.sleep
    )
    assert next(lines).event.message == "one"
    clock.meanwhile = [[], [], [(100, "two")]]
    assert next(lines).event.message == "two"
    assert said == ["left out: log group /my-app/delivery/build not found; my-app-delivery is not applied"]
    aws.logs.create_log_group(logGroupName=builds.name)
    write(aws, builds, "build", (200, "three"))
    assert next(lines).event.message == "three"


class Clock:
    """A clock that goes on while somebody sleeps; what happens meanwhile is said beforehand."""

    def __init__(self, aws: Aws) -> None:
        self.seconds, self.aws = START / 1000, aws
        self.meanwhile: list[list[tuple[int, str]]] = []

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        if self.meanwhile and (lines := self.meanwhile.pop(0)):
            write(self.aws, STAGING, "i-1/c0ffee", *lines)


def test_following_gives_each_line_once_as_it_comes_late_ones_too(aws: Aws) -> None:
    clock = Clock(aws)
    write(aws, STAGING, "i-1/c0ffee", (0, "there"))
    clock.meanwhile = [[(1900, "new")], [], [(1000, "late"), (6000, "last")]]
    lines = follow(
        aws, [STAGING], LogFilter(START), none_missing([STAGING]), now=clock.now, sleep=clock.sleep
    )
    assert [line.event.message for line in islice(lines, 4)] == ["there", "new", "late", "last"]


def test_following_asks_again_only_for_the_last_minute(aws: Aws) -> None:
    clock = Clock(aws)
    polls = int(LATE_MILLISECONDS / 1000 / POLL_SECONDS) + 10
    clock.meanwhile = [*([[]] * polls), [(120_000, "end")]]
    with recorded() as calls:
        next(
            follow(
                aws,
                [STAGING],
                LogFilter(START),
                none_missing([STAGING]),
                now=clock.now,
                sleep=clock.sleep,
            )
        )
    asked = [call.parameters["startTime"] for call in calls if call.name == "logs:FilterLogEvents"]
    previous = START + int((polls) * POLL_SECONDS * 1000)
    assert asked[0] == START
    assert asked[-1] == previous - LATE_MILLISECONDS


def test_two_groups_may_number_their_lines_alike(aws: Aws) -> None:
    event = {"timestamp": START, "eventId": "1", "logStreamName": "i-1/c0ffee", "message": "up"}
    with Stubber(aws.logs) as stub:
        for group in (STAGING, PROD):
            stub.add_response(
                "filter_log_events", {"events": [event]}, {**request(group.name, LogFilter(START))}
            )
        clock = Clock(aws)
        asked = [STAGING, PROD]
        lines = follow(aws, asked, LogFilter(START), none_missing(asked), now=clock.now, sleep=clock.sleep)
        assert [line.group for line in islice(lines, 2)] == [STAGING, PROD]
