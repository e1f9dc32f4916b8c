"""E-mail subscriptions that are pending until a person confirms them.

AWS (sns/latest/dg, SendMessageToHttp.confirm; API_Subscription): until then nothing is delivered, lists show
``PendingConfirmation`` in place of the subscription's ARN, and Unsubscribe is refused, which Terraform's
provider ignores (internal/service/sns/topic_subscription.go). The subscription is deleted with its topic or
after some days. moto confirms every subscription at once. local.emulator.handshakes confirms them at a path
beside AWS's own.
"""

from collections.abc import Callable
from copy import copy
from typing import Any  # moto's own signatures

from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription, sns_backends
from moto.sns.responses import SNSResponse

from local.emulator.gaps.patching import hear, wrap
from local.emulator.handshakes import EMAILS

PENDING = "PendingConfirmation"
BY_EMAIL = ("email", "email-json")
REFUSAL = "Cannot unsubscribe a subscription that is pending confirmation"
Found = tuple[list[Subscription], int | None]


def fill() -> None:
    """Patches moto's subscriptions and serves the path that confirms them."""
    wrap(SNSBackend, "subscribe", _until_somebody_clicks)
    wrap(SNSBackend, "unsubscribe", _not_while_it_waits)
    for name in ("list_subscriptions", "list_subscriptions_by_topic"):
        wrap(SNSBackend, name, _as_aws_lists_them)
    wrap(SNSResponse, "get_topic_attributes", _with_those_that_wait)
    hear(EMAILS, confirm)


def confirm(account: str, said: dict[str, str]) -> list[str]:
    """Confirms all pending e-mail subscriptions of a region; their addresses."""
    waiting = [
        subscription
        for subscription in sns_backends[account][said["region"]].subscriptions.values()
        if _waits(subscription)
    ]
    for subscription in waiting:
        subscription.attributes[PENDING] = False
    return [subscription.endpoint for subscription in waiting]


def _waits(subscription: Subscription) -> bool:
    return bool(subscription.attributes.get(PENDING))


def _until_somebody_clicks(original: Callable[..., Subscription]) -> Callable[..., Subscription]:
    def subscribe(self: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
        before = set(self.subscriptions)
        made = original(self, topic_arn, endpoint, protocol)
        if protocol in BY_EMAIL and made.arn not in before:
            made.attributes[PENDING] = True
        return made

    return subscribe


def _not_while_it_waits(original: Callable[[SNSBackend, str], None]) -> Callable[[SNSBackend, str], None]:
    def unsubscribe(self: SNSBackend, subscription_arn: str) -> None:
        if (found := self.subscriptions.get(subscription_arn)) and _waits(found):
            raise SNSInvalidParameter(f"Invalid parameter: SubscriptionArn Reason: {REFUSAL}")
        original(self, subscription_arn)

    return unsubscribe


def _as_aws_lists_them(original: Callable[..., Found]) -> Callable[..., Found]:
    def listed(self: SNSBackend, *args: Any, **kwargs: Any) -> Found:  # noqa: ANN401 - moto's own
        found, more = original(self, *args, **kwargs)
        return [
            _shown(subscription) if _waits(subscription) else subscription for subscription in found
        ], more

    return listed


def _shown(waiting: Subscription) -> Subscription:
    shown = copy(waiting)
    shown.arn = PENDING
    return shown


def _with_those_that_wait(original: Callable[[SNSResponse], Any]) -> Callable[[SNSResponse], Any]:
    def get_topic_attributes(self: SNSResponse) -> Any:  # noqa: ANN401 - moto's own
        topic = self.backend.get_topic(self._get_param("TopicArn"))
        own = [
            subscription
            for subscription in self.backend.subscriptions.values()
            if subscription.topic.arn == topic.arn
        ]
        topic.subscriptions_pending = sum(map(_waits, own))
        topic.subscriptions_confimed = len(own) - topic.subscriptions_pending
        return original(self)

    return get_topic_attributes
