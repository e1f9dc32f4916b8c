"""Whether people hear of what happens next: alarms that are enabled, a topic with subscribers."""

from collections.abc import Iterator, Mapping, Sequence

from modules.config.names import Names
from slipway.aws.alarms import AlarmState, alarms
from slipway.aws.clients import Aws
from slipway.aws.subscriptions import subscriptions


def read(aws: Aws, names: Names, environment: str) -> Iterator[str]:
    """What there is to say of an environment's alarms and of the topic; a line each."""
    prefixes = {each.environment: each.alarm("") for each in names.environments}
    found = alarms(aws, f"{names.service}-", prefixes)[environment]
    return lines(found, names.topic, subscriptions(aws, names.topic_arn) or {})


def lines(alarms: Sequence[AlarmState], topic: str, confirmed: Mapping[str, bool]) -> Iterator[str]:
    """The lines; one that begins with "warning" where somebody must act. confirmed: by address."""
    silent = [alarm.name for alarm in alarms if not alarm.notifies]
    yes = sum(confirmed.values())
    people = f"{yes} subscribed" + (f", {len(confirmed) - yes} unconfirmed" if yes < len(confirmed) else "")
    yield f"alarms: {len(alarms) - len(silent)} of {len(alarms)} enabled; {topic}: {people}"
    for alarm in alarms:
        if alarm.state == "ALARM":
            yield f"still in ALARM: {alarm.name}, since {alarm.since:%Y-%m-%d %H:%M} UTC"
    if silent:
        yield f"warning: no enabled actions on {', '.join(silent)}: apply the stack, which enables them"
    if not yes:
        yield f"warning: nobody is subscribed to {topic}: the e-mails in [alerts] have to be confirmed"
