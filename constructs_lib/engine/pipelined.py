"""Tells jsii's Node what it will need without waiting for answers: bindings.py puts it in place.

Node takes half a second to start and to load the packages, Python as long to import its side of them.
Stock, each waits for the other at every step. Here Python goes on, and reads what Node answered
before it asks for the first thing that it needs to know.

This stands on jsii's insides, which its next version may change. So jsii's own code writes and reads every
message; and whatever goes wrong before the first question is answered, when Node has done nothing but load
packages, another Node is started the way jsii does, told the same, and used instead.
"""

import hashlib
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

from constructs_lib.engine.ahead import NotMade
from constructs_lib.engine.preloading import kept, preloading

from jsii import _reference_map, kernel
from jsii._kernel.providers import process
from jsii._kernel.types import CreateRequest, LoadRequest, ObjRef
from jsii.errors import JSIIError

WAITING = "about half a second"
STOCK_NODE = "about 4 seconds and 400 MB"
LATE = "about seven tenths of a second"
UNREAD = 100
"""Answers that are left unread at most: with thousands, Node and Python would wait for each other to read."""
_StockNode: type[Any] = process._NodeProcess


class PipelinedNode(_StockNode):  # type: ignore[misc]  # whatever it is in this version
    """A Node that is told to load packages and resources, and asked for everything else.

    JSIIError: a package could not be loaded; raised when Node is next asked for something.
    """

    preloads: ClassVar[Sequence[Path]]
    """JavaScript that Node runs first."""
    on_difference: ClassVar[Callable[[object, str], None]]
    """Is told what is not as expected, and what it costs each synthesis."""
    running: ClassVar["PipelinedNode | None"] = None
    sees_classes: ClassVar[bool] = False
    ahead: bool = False
    """Whether Python goes on while resources are made; ``settle`` raises NotMade if one was not."""
    _instead: Any = None
    """The Node that jsii would have started, where this one does not work."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - what jsii gives, for jsii
        super().__init__(*given, **named)
        self._stock: Callable[[], Any] = lambda: _StockNode(*given, **named)
        self._unread: deque[Callable[[], object]] = deque()
        self._loads: list[Callable[[Any], object]] = []
        self._made_up: Any = None
        self._known_number = 0
        self._calls_back = False
        self._requires = True
        self._requiring = False
        self._settled = False

    def start(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as above
        """Start Node with the preloads; where that fails, as jsii does."""
        PipelinedNode.running = self
        self._start: Callable[[Any], object] = lambda node: node.start(*given, **named)
        with self._starting_over(), preloading(*self.preloads):
            super().start(*given, **named)

    def _jsii_runtime(self) -> str:
        """Jsii's own JavaScript, where it stays: what Node compiled is kept by a file's name."""
        entrypoint = Path(super()._jsii_runtime())
        folder = kept()
        if not folder:
            return str(entrypoint)
        temporary = entrypoint.parents[1]
        return str(_stay(temporary, folder) / entrypoint.relative_to(temporary))

    def handshake(self) -> None:
        """Let Node start; it greets when it has."""
        self._unread.append(super().handshake)

    def send(self, request: object, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        """Tell it to load something; ask for anything else, once all that was told is done."""
        told = self._requiring or isinstance(request, LoadRequest)
        if not self._settled:
            with self._starting_over():
                if told:
                    return self._tell(request, *given, **named)
                self.settle()
        if self._instead:
            return self._instead.send(request, *given, **named)
        if told:
            return self._tell(request, *given, **named)
        if isinstance(request, CreateRequest):
            self._calls_back |= bool(request.overrides)
            if self.ahead and self._known_number and not self._calls_back:
                return self._make(request, *given, **named)
        self.settle()
        return super().send(request, *given, **named)

    def require(self, resource: type[Any]) -> None:
        """Have Node load the file of a resource: asked for its type's name, it does."""
        if self._instead or not self._requires:
            return
        self._requiring = True
        try:
            kernel.sget(resource, "tfResourceType")
        except Exception as error:
            self._requires = False
            PipelinedNode.on_difference(error, WAITING)
        finally:
            self._requiring = False

    def stop(self) -> None:
        """End Node; one that was given up has ended."""
        if not self._instead:
            super().stop()

    def _tell(self, request: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        """Send a request and go on with an answer that is made up; Node's own is read later."""
        self._made_up = {"ok": {"value": None} if self._requiring else {"assembly": request.name, "types": 0}}
        try:
            answer = super().send(request, *given, **named)
        finally:
            if self._made_up is None:
                self._unread.append(super()._next_message if self._requiring else self._read_loaded)
            self._made_up = None
        if not self._requiring:
            self._loads.append(lambda node: node.send(request, *given, **named))
        return answer

    def _make(self, request: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        """Have an object made, and go on with the name that Node gives it: its type and the next number."""
        while len(self._unread) >= UNREAD:
            self._unread.popleft()()
        self._known_number += 1
        expected = f"{request.fqn}@{self._known_number}"
        self._made_up = {"ok": ObjRef(ref=expected, interfaces=None)}
        answer = super().send(request, *given, **named)
        self._unread.append(lambda: self._read_made(expected))
        return answer

    def _read_made(self, expected: str) -> None:
        answer = super()._next_message()
        if "ok" not in answer:
            raise NotMade(answer.get("error"))
        if answer["ok"].ref != expected:
            PipelinedNode.on_difference(f"{answer['ok'].ref} was to be {expected}", LATE)
            raise NotMade

    def _next_message(self) -> Any:  # noqa: ANN401 - as above
        if self._made_up is None:
            return super()._next_message()
        answer, self._made_up = self._made_up, None
        return answer

    def note(self, name: str) -> None:
        """Learn from the name of an object, which ends with its number, which number comes next."""
        number = name.rpartition("@")[2]
        if number.isdecimal():
            self._known_number = max(self._known_number, int(number))

    def _read_loaded(self) -> None:
        answer = super()._next_message()
        if "ok" not in answer:
            raise JSIIError(answer.get("error"))

    def settle(self) -> None:
        """Read all that Node has answered; raises what went wrong first."""
        wrong = []
        while self._unread:
            try:
                self._unread.popleft()()
            except NotMade as error:
                wrong.append(error)
        if wrong:
            raise wrong[0]
        if not (self._settled or PipelinedNode.sees_classes):
            PipelinedNode.on_difference("it does not tell register_type of classes", WAITING)
        self._settled = True

    @contextmanager
    def _starting_over(self) -> Iterator[None]:
        """Where anything fails, go on with another Node, started and told the same the way jsii does."""
        reason = None
        try:
            yield
        except Exception as error:
            reason = error
        if reason:
            self._use_stock()
            PipelinedNode.on_difference(reason, STOCK_NODE)

    def _use_stock(self) -> None:
        with suppress(Exception):
            self._process.kill()
        with suppress(Exception):
            super().stop()
        self._settled = True
        self._instead = self._stock()
        self._start(self._instead)
        for load in self._loads:
            load(self._instead)


def _stay(temporary: Path, place: Path) -> Path:
    """The same files in a folder that stays; its name says what is in them."""
    code = b"".join(path.read_bytes() for path in sorted(temporary.rglob("*.js")))
    folder = place / f"jsii-{hashlib.sha256(code).hexdigest()[:16]}"
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=place) as aside, suppress(OSError):  # another may be faster
            copy = Path(aside) / "jsii"
            shutil.copytree(temporary, copy, ignore=shutil.ignore_patterns("*.map"))
            copy.rename(folder)
    return folder


def pipeline(package: str, preloads: Sequence[Path], on_difference: Callable[[object, str], None]) -> None:
    """Give jsii a pipelined Node; does nothing once jsii has started one of its own.

    package: the Python package whose resources Node loads while Python goes on importing.
    preloads: JavaScript files that Node runs before its own.
    on_difference: is told why jsii is used as it is after all, and what that costs each synthesis.
    """
    if any(name.endswith("._jsii") for name in sys.modules):
        return
    register = _reference_map.register_type

    def register_and_require(klass: type[Any]) -> None:
        register(klass)
        PipelinedNode.sees_classes = True
        if PipelinedNode.running is None:
            on_difference("it starts no _NodeProcess", STOCK_NODE)
            _reference_map.register_type = register
        elif klass.__module__.startswith(f"{package}.") and "TF_RESOURCE_TYPE" in vars(klass):
            PipelinedNode.running.require(klass)

    read: Callable[[dict[str, Any]], object] = process.ohook

    def note_and_read(message: dict[str, Any]) -> object:
        if PipelinedNode.running and "$jsii.byref" in message:
            PipelinedNode.running.note(message["$jsii.byref"])
        return read(message)

    process.ohook = note_and_read
    PipelinedNode.preloads = preloads
    PipelinedNode.on_difference = staticmethod(on_difference)
    process._NodeProcess = PipelinedNode  # type: ignore[misc]  # that is where jsii takes it from
    _reference_map.register_type = register_and_require
