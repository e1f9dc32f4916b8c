"""Builds an app without waiting for Node to create each resource and to read its attributes.

Python predicts the name that Node will give a resource or an attribute, and checks it later. The output is
the same. If a resource cannot be created, the app is built a second time, waiting for each resource, so that
the error comes from the line that creates the resource.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Built = TypeVar("Built")
PIPELINED = "constructs_lib.engine.pipelined"


class NotMade(Exception):
    """A resource was not created, or Node's answer is not the predicted one."""


def built_ahead(build: Callable[[], Built]) -> Built:
    """Returns the result of ``build``, which is called a second time if a resource cannot be created."""
    try:
        with _ahead():
            return build()
    except NotMade:
        return build()


@contextmanager
def _ahead() -> Iterator[None]:
    """Enables it for the block; does nothing if bindings.py could not install PipelinedNode."""
    pipelined = sys.modules.get(PIPELINED)
    node = pipelined and pipelined.PipelinedNode.running
    if not node:
        yield
        return
    node.ahead = True
    try:
        yield
        node.settle()
    finally:
        node.ahead = False
