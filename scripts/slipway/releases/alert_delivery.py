"""Whether alerts are delivered: alarms with enabled actions, a topic with confirmed subscriptions."""

from collections.abc import Iterator, Mapping, Sequence

from modules.config.names import Names
from slipway.aws.alarms import AlarmState, alarms
from slipway.aws.clients import Aws
from slipway.aws.subscriptions import subscriptions


def read(aws: Aws, names: Names, environment: str) -> Iterator[str]:
    """Read an environment's alarms and the topic from AWS; the lines of ``lines``."""
    prefixes = {environment_.environment: environment_.alarm("") for environment_ in names.environments}
    found = alarms(aws, f"{names.service}-", prefixes)[environment]
    return lines(found, names.topic, subscriptions(aws, names.topic_arn) or {})


def lines(alarms: Sequence[AlarmState], topic: str, confirmed: Mapping[str, bool]) -> Iterator[str]:
    """What to print about alarms and topic; "warning: …" if alerts are not delivered.

    confirmed: by address.
    """
    silent = [alarm.name for alarm in alarms if not alarm.notifies]
    yes = sum(confirmed.values())
    people = f"{yes} subscribed" + (f", {len(confirmed) - yes} unconfirmed" if yes < len(confirmed) else "")
    yield f"alarms: {len(alarms) - len(silent)} of {len(alarms)} enabled; {topic}: {people}"
    for alarm in alarms:
        if alarm.state == "ALARM":
            yield f"still in ALARM: {alarm.name}, since {alarm.since:%Y-%m-%d %H:%M} UTC"
    if silent:
        yield f"warning: no enabled actions on {', '.join(silent)}: apply the stack to enable them"
    if not yes:
        yield f"warning: {topic} has no confirmed subscription: subscribe an address, confirm AWS's e-mail"
