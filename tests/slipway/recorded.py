"""Records every call that AWS clients send, for tests of what a command asks for and what it must not."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

READING = ("BatchGet", "Describe", "Filter", "Get", "Head", "List")


@dataclass(frozen=True)
class Call:
    """One call: boto3's name of the service, AWS's name of the operation, and the arguments."""

    service: str
    operation: str
    parameters: Mapping[str, Any]

    @property
    def name(self) -> str:
        """For example ``codedeploy:CreateDeployment``."""
        return f"{self.service}:{self.operation}"

    @property
    def changes(self) -> bool:
        """Whether it may change anything in the account."""
        return not self.operation.startswith(READING)


@contextmanager
def recorded() -> Iterator[list[Call]]:
    """The calls of every client meanwhile, in order: each page one, each waiter's question one.

    A call that is tried again is there once; one that AWS, its emulation or a stubber refuses is there.

    >>> with recorded() as calls:
    ...     status(...)
    >>> assert not [call.name for call in calls if call.changes]
    """
    calls: list[Call] = []
    # The one seam that paginators, waiters and transfers pass; boto3's stubs do not show it.
    send: Callable[..., Any] = vars(BaseClient)["_make_api_call"]

    def note(client: BaseClient, operation: str, parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any answer
        service = client.meta.service_model.service_name
        calls.append(Call(service, operation, dict(parameters)))
        return send(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", note):
        yield calls


def repeated(calls: Sequence[Call]) -> list[str]:
    """The calls that ask again, in the very same words, what was asked before."""
    asked = Counter(
        f"{call.name} {json.dumps(call.parameters, default=str, sort_keys=True)}" for call in calls
    )
    return [question for question, times in asked.items() if times > 1]
