"""Builds an app without waiting until Node has made each of its resources.

Python names a resource as Node is going to, and reads later whether it was right. What is synthesised is the
same. Where a resource cannot be made, the app is built once more, and each is waited for: the error then
arises at the line that makes the resource.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Built = TypeVar("Built")
PIPELINED = "constructs_lib.engine.pipelined"


class NotMade(Exception):
    """A resource that Python went on with was not made, or has another name than it was given here."""


def built_ahead(build: Callable[[], Built]) -> Built:
    """What ``build`` returns, which is called a second time if a resource cannot be made in the first."""
    try:
        with _ahead():
            return build()
    except NotMade:
        return build()


@contextmanager
def _ahead() -> Iterator[None]:
    """Does nothing where jsii is used as it is: bindings.py has not put PipelinedNode in place then."""
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
