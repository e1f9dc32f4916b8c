"""Whether people hear of what happens next."""

from datetime import UTC, datetime

from slipway.aws.alarms import AlarmState
from slipway.releases.alert_delivery import lines

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def alarm(name: str, *, state: str = "OK", notifies: bool = True) -> AlarmState:
    return AlarmState(name=name, state=state, since=AT, notifies=notifies, stops_releases=False)


def test_enabled_alarms_and_subscribers_are_counted() -> None:
    said = list(lines([alarm("a"), alarm("b")], "my-app-alerts", {"a@x": True, "b@x": True, "c@x": False}))
    assert said == ["alarms: 2 of 2 enabled; my-app-alerts: 2 subscribed, 1 unconfirmed"]


def test_an_alarm_that_nobody_hears_of_is_warned_of() -> None:
    *_, last = lines([alarm("a"), alarm("b", notifies=False)], "t", {"a@x": True})
    assert last.startswith("warning: no enabled actions on b")


def test_a_topic_without_subscribers_is_warned_of() -> None:
    *_, last = lines([alarm("a")], "my-app-alerts", {"a@x": False})
    assert last.startswith("warning: my-app-alerts has no confirmed subscription")


def test_an_alarm_that_is_on_still_is_said() -> None:
    said = list(lines([alarm("a", state="ALARM")], "t", {"a@x": True}))
    assert said[1] == "still in ALARM: a, since 2026-11-23 09:30 UTC"
