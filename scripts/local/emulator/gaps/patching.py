"""Functions with which gaps are filled: moto finds an operation by its method's name, so one can be added."""

import json
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar  # what AWS answers is JSON

from moto.core.responses import BaseResponse
from moto.moto_api._internal import urls

if TYPE_CHECKING:
    from moto.core.common_types import TYPE_RESPONSE
    from werkzeug.wrappers import Request

ACCOUNT = "MOTO_ACCOUNT_ID"  # the emulator sets it before moto is imported
Original = TypeVar("Original", bound=Callable[..., object])


def add(owner: object, *functions: Callable[..., object]) -> None:
    """Sets each function on a class or module of moto, under the function's name."""
    for function in functions:
        setattr(owner, function.__name__, function)


def wrap(owner: object, name: str, replace: Callable[[Original], Callable[..., object]]) -> None:
    """Replaces a function of moto by what ``replace`` returns for it."""
    setattr(owner, name, replace(getattr(owner, name)))


def hear(path: str, take: Callable[[str, Any], object]) -> None:
    """Serves a path beside AWS's own (telling.py sends to it). take: called with account and message."""

    def answer(request: "Request", _url: str, _headers: object) -> "TYPE_RESPONSE":
        answered = take(os.environ[ACCOUNT], json.loads(request.get_data()))
        return 200, {"Content-Type": "application/json"}, json.dumps(answered)

    urls.url_paths.update({"{0}" + path: answer})  # type: ignore[dict-item]  # a function; the others are methods


def page(asked: BaseResponse, name: str, found: Sequence[object], size: int) -> dict[str, Any]:
    """The requested page of a list, with the token for the next one."""
    start = int(asked._get_param("nextToken") or 0)
    more = {"nextToken": str(start + size)} if len(found) > start + size else {}
    return {name: found[start : start + size], **more}
