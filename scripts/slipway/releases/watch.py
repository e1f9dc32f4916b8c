"""Follows a deployment to its end: looks again and again, and bears with an AWS that does not answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from botocore import exceptions as boto
from botocore.exceptions import ClientError

from slipway.aws.errors import AILING, THROTTLED, code_of
from slipway.releases.changes import carried_over
from slipway.releases.course import Course

INTERVAL = 1.0  # seconds between two looks at a few hosts
HOSTS_A_SECOND = 50  # with more hosts there are more calls to a look: it comes less often
PATIENCE = 30  # looks in a row that AWS may leave without an answer
SETTLING = 5  # looks after a failure, until CodeDeploy says what follows
PASSING = AILING | THROTTLED

Look = Callable[[], Course]
Show = Callable[[Course], None]


@dataclass
class Follower:
    """Looks at deployments until they end. sleep: waits so many seconds; tests give their own."""

    show: Show
    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    unanswered: int = field(default=0, init=False)

    def follow(self, look: Look) -> Course:
        """The deployment as it was at its end, with what follows it if it failed."""
        before: Course | None = None
        while True:
            before = carried_over(before, self._patiently(look))
            self.show(before)
            if before.has_ended:
                break
            self.sleep(interval(before))
        return before if before.succeeded else self._settled(before, look)

    def _settled(self, ended: Course, look: Look) -> Course:
        """Failed or stopped, CodeDeploy takes a moment to say which deployment takes it back."""
        for _ in range(SETTLING):
            if ended.followed_by or ended.rollback_message:
                break
            self.sleep(INTERVAL)
            ended = carried_over(ended, self._patiently(look))
        return ended

    def _patiently(self, look: Look) -> Course:
        while True:
            try:
                course = look()
            except (boto.HTTPClientError, boto.ConnectionError, ClientError) as error:
                self._bear(error)
                self.sleep(INTERVAL)
            else:
                self.unanswered = 0
                return course

    def _bear(self, error: Exception) -> None:
        """Go on after an error that passes; the deployment does not depend on us."""
        if isinstance(error, ClientError) and code_of(error) not in PASSING:
            raise error
        self.unanswered += 1
        if self.unanswered > PATIENCE:
            raise error
        if self.unanswered == 1:
            self.say("AWS does not answer; the deployment goes on, and so does the asking")


def interval(course: Course) -> float:
    """Seconds until the next look."""
    return INTERVAL * max(1, -(-len(course.hosts) // HOSTS_A_SECOND))
