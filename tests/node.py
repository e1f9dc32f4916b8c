"""What Python asks of jsii's Node: each request is a round trip, and there are hundreds in a synthesis."""

from collections.abc import Iterator
from contextlib import contextmanager

import cdktf
import jsii
import pytest


@contextmanager
def requests(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The kinds of the requests that are sent meanwhile, such as ``CreateRequest``."""
    cdktf.Testing.app()  # by now Node runs, and everything that was imported is loaded there
    node = type(jsii.kernel.provider._process)  # type: ignore[attr-defined]  # jsii's own
    send, kinds = node.send, list[str]()

    def record(self: object, request: object, *rest: object) -> object:
        kinds.append(type(request).__name__)
        return send(self, request, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(node, "send", record)
        yield kinds
