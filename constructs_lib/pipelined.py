"""Tells jsii's Node what it will need without waiting for answers: bindings.py puts it in place.

Node takes half a second to start and to load the packages, Python as long to import its side of them.
Stock, each waits for the other at every step. Here Python goes on, and reads what Node answered
before it asks for the first thing that it needs to know.
"""

import json
from collections import deque
from collections.abc import Callable
from functools import cached_property
from typing import Any

from jsii import _reference_map
from jsii._kernel.providers.process import ProcessProvider, _NodeProcess
from jsii._kernel.types import KernelRequest, KernelResponse, LoadRequest, LoadResponse, StaticGetRequest
from jsii._runtime import kernel
from jsii.errors import JSIIError


class PipelinedNode(_NodeProcess):
    """A Node that is told to load packages, and asked for everything else.

    JSIIError: a package could not be loaded; raised when Node is next asked for something.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # jsii's, like start
        self._unread: deque[Callable[[], object]] = deque()

    def handshake(self) -> None:
        """Let Node start; it greets when it has."""
        self._unread.append(super().handshake)

    def send(self, request: KernelRequest, response_type: type[KernelResponse]) -> KernelResponse:
        """Tell it to load a package; ask for anything else, once all that was told is done."""
        if isinstance(request, LoadRequest):
            self.tell(request, self._read_loaded)
            return LoadResponse(assembly=request.name, types=0)
        while self._unread:
            self._unread.popleft()()
        return super().send(request, response_type)

    def tell(self, request: KernelRequest, read: Callable[[], object]) -> None:
        """Send a request; ``read`` takes its answer in, later."""
        message = json.dumps(self._serializer.unstructure(request))
        assert self._process.stdin is not None
        self._process.stdin.write(f"{message}\n".encode())
        self._process.stdin.flush()
        self._unread.append(read)

    def _read_loaded(self) -> None:
        answer = self._next_message()
        if "ok" not in answer:
            raise JSIIError(answer.get("error"))


class PipelinedProvider(ProcessProvider):
    """jsii's way to its Node, to a pipelined one."""

    @cached_property
    def _process(self) -> PipelinedNode:
        node = PipelinedNode()
        node.start()  # type: ignore[no-untyped-call]
        return node

    def require(self, resource: type[Any]) -> None:
        """Have Node load the file of a resource: asked for its type's name, it does."""
        question = StaticGetRequest(resource.__jsii_type__, "tfResourceType")
        self._process.tell(question, self._process._next_message)


def pipeline(package: str) -> None:
    """Give jsii a pipelined Node; does nothing once jsii has started one of its own.

    package: the Python package whose resources Node loads while Python goes on importing.
    """
    if _reference_map._assembly_to_module:
        return
    kernel.provider = provider = PipelinedProvider()
    register = _reference_map.register_type

    def register_and_require(klass: type[Any]) -> None:
        register(klass)
        if klass.__module__.startswith(f"{package}.") and "TF_RESOURCE_TYPE" in vars(klass):
            provider.require(klass)

    _reference_map.register_type = register_and_require
