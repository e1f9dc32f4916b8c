"""Sends jsii's Node load requests without waiting for the answers; bindings.py installs it.

Node needs half a second to start and load the packages, and Python as long to import its side of them.
Normally each waits for the other at every step. Here Python continues, and reads Node's answers
before the first request whose answer it needs.

This depends on jsii's internals, which the next version may change. So jsii's own code writes and reads
every message. If anything fails before the first such answer, when Node has only loaded packages, another
Node process is started as jsii starts it, gets the same requests, and is used instead.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import ENOSPC
from pathlib import Path
from signal import SIGKILL, Signals
from typing import Any, ClassVar

from constructs_lib.engine.ahead import NotMade
from constructs_lib.engine.attributes import FirstReads
from constructs_lib.engine.early import EarlyNode
from constructs_lib.engine.preloading import kept, preloading
from constructs_lib.failures import NodeFailed, SynthesisError

from jsii import _reference_map, kernel
from jsii._kernel.providers import process
from jsii._kernel.types import CreateRequest, GetRequest, InvokeRequest, LoadRequest, ObjRef
from jsii.errors import JSIIError

WAITING = "about half a second"
STOCK_NODE = "about 4 seconds and 400 MB"
LATE = "about seven tenths of a second"
RETURN_NOTHING = {"addDependency", "addOverride"}
"""Methods of a stack or a resource that return nothing, and call nothing in Python."""
UNREAD = 100
"""The maximum number of unread answers: with thousands, Node and Python would block each other."""
ENDING = 1.0
"""In seconds: how long an ending Node may take until its exit code is known."""
LONGEST = 80
"""How much is shown of what Node printed instead of an answer."""
_StockNode: type[Any] = process._NodeProcess


class _Node(_StockNode):  # type: ignore[misc]  # its type depends on the version
    """jsii's Node process. Raises SynthesisError if it cannot be started, ends, or prints no answers."""

    def start(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - jsii's own arguments
        try:
            super().start(*given, **named)
        except (OSError, AssertionError) as error:  # AssertionError: another version of jsii's runtime
            raise self._failure(error) from error

    def send(self, request: object, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        try:
            return super().send(request, *given, **named)
        except OSError as error:
            raise self._failure(error) from error
        except (RuntimeError, JSIIError) as error:
            if isinstance(request, LoadRequest):
                raise self._failure(error) from error
            raise

    def _next_message(self) -> Any:  # noqa: ANN401 - as above
        try:
            return super()._next_message()
        except ValueError as error:
            raise self._failure(error) from error

    def stop(self) -> None:
        """Stop Node; it may have ended already."""
        with suppress(OSError, ValueError):
            self._process.stdin.write(b'{"exit":0}\n')
            self._process.stdin.close()
        super().stop()

    def _failure(self, error: Exception) -> SynthesisError:
        if isinstance(error, OSError) and error.errno == ENOSPC:
            place = tempfile.gettempdir()
            return SynthesisError(f"no space is left in {place}: make space, or set TMPDIR to another place")
        process = getattr(self, "_process", None)
        if process is None:
            text = str(error)
            return NodeFailed(f"Node cannot be started: {text.partition('] ')[2] or text}")
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(timeout=ENDING)
            self.sink_thread.join(timeout=ENDING)  # it prints Node's last words
            if code >= 0:
                return NodeFailed(f"Node ended with exit code {code}")
            memory = " (which also happens if no memory is left)" if -code == SIGKILL else ""
            return NodeFailed(f"Node was ended by {Signals(-code).name}{memory}", killed=True)
        if isinstance(error, json.JSONDecodeError):
            return NodeFailed(f"Node answers with {error.doc[:LONGEST].strip()!r}, which is not jsii's")
        return NodeFailed(f"Node does not work: {str(error).strip().splitlines()[0]}")


class PipelinedNode(_Node):
    """A Node process that gets load requests without waiting, and all other requests as usual.

    JSIIError: a package could not be loaded; raised at the next request that waits.
    """

    preloads: ClassVar[Sequence[Path]]
    """JavaScript files that Node runs first."""
    on_difference: ClassVar[Callable[[object, str], None]]
    """Called with what differs in this version, and the cost per synthesis."""
    running: ClassVar["PipelinedNode | None"] = None
    sees_classes: ClassVar[bool] = False
    first_reads: ClassVar[FirstReads]
    early: ClassVar[EarlyNode]
    ahead: bool = False
    """Whether Python continues while Node creates and reads; ``settle`` raises NotMade on a failure."""
    _instead: Any = None
    """The Node process that jsii would have started, if this one does not work."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - jsii's own arguments
        super().__init__(*given, **named)
        self._stock: Callable[[], Any] = lambda: _Node(*given, **named)
        self._unread: deque[Callable[[], object]] = deque()
        self._loads: list[Callable[[Any], object]] = []
        self._made_up: Any = None
        self._known_number = 0
        self._calls_back = False
        self._requires = True
        self._requiring = False
        self._settled = False

    def start(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as above
        """Start Node with the preloads; if that fails, start it as jsii does."""
        PipelinedNode.running = self
        self._start: Callable[[Any], object] = lambda node: node.start(*given, **named)
        with self._starting_over(), preloading(*self.preloads), self.early.offered_to(process):
            super().start(*given, **named)

    def _jsii_runtime(self) -> str:
        """The path of jsii's own JavaScript, in a permanent folder: Node's compile cache uses file names."""
        entrypoint = Path(super()._jsii_runtime())
        folder = kept()
        temporary = entrypoint.parents[1]
        staying = folder and _stay(temporary, folder)
        whole = staying and _is_copy(staying, temporary)
        return str(staying / entrypoint.relative_to(temporary) if staying and whole else entrypoint)

    def handshake(self) -> None:
        """Continue while Node starts; its greeting is read later."""
        self._unread.append(super().handshake)

    def send(self, request: object, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        """Send a load request without waiting; for other requests, first read all earlier answers."""
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
        foreseen = self._foreseen(request)
        if foreseen is not None and self.ahead and not self._calls_back:
            return self._go_on(foreseen, request, *given, **named)
        self.settle()
        return super().send(request, *given, **named)

    def require(self, resource: type[Any]) -> None:
        """Make Node load the file of a resource, by a request for its type's name."""
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
        """Stop Node; a process that was replaced has ended already."""
        if not self._instead:
            super().stop()

    def _tell(self, request: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        """Send a request and continue with an assumed answer; Node's own answer is read later."""
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

    def _foreseen(self, request: object) -> Any:  # noqa: ANN401 - jsii's
        """What Node will answer; None if that cannot be predicted."""
        if isinstance(request, CreateRequest):  # a name: the type and the next number
            self._calls_back |= bool(request.overrides)
            return self._next_object(request.fqn) if self._known_number else None
        if isinstance(request, GetRequest):
            value = PipelinedNode.first_reads.value(request, self._next_object)
            return {"value": value} if value else None
        returns_nothing = isinstance(request, InvokeRequest) and request.method in RETURN_NOTHING
        return {} if returns_nothing else None

    def _go_on(self, foreseen: Any, request: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        """Send a request and continue with the predicted answer; Node's own answer is checked later."""
        while len(self._unread) >= UNREAD:
            self._unread.popleft()()
        self._made_up = {"ok": foreseen}
        new = foreseen if isinstance(foreseen, ObjRef) else foreseen.get("value")
        self.note(getattr(new, "ref", ""))
        answer = super().send(request, *given, **named)
        self._unread.append(lambda: self._check(foreseen))
        return answer

    def _next_object(self, kind: str) -> Any:  # noqa: ANN401 - jsii's
        """The name of the next object that Node gives one: its type and the next number."""
        return ObjRef(f"{kind}@{self._known_number + 1}", interfaces=None)

    def _check(self, foreseen: object) -> None:
        answer = super()._next_message()
        if "ok" not in answer:
            raise NotMade(answer.get("error"))
        known, given = (getattr(one, "ref", one) for one in (foreseen, answer["ok"]))
        if known != given:
            PipelinedNode.on_difference(f"Node answers {given}, not {known}", LATE)
            raise NotMade

    def _next_message(self) -> Any:  # noqa: ANN401 - as above
        if self._made_up is None:
            return super()._next_message()
        answer, self._made_up = self._made_up, None
        return answer

    def note(self, name: str) -> None:
        """Update the next number from the name of an object, which ends with its number."""
        number = name.rpartition("@")[2]
        if number.isdecimal():
            self._known_number = max(self._known_number, int(number))

    def _read_loaded(self) -> None:
        answer = super()._next_message()
        if "ok" not in answer:
            raise JSIIError(answer.get("error"))

    def settle(self) -> None:
        """Read all unread answers; raises the first error."""
        wrong = []
        while self._unread:
            try:
                self._unread.popleft()()
            except NotMade as error:
                wrong.append(error)
        if wrong:
            raise wrong[0]
        if not (self._settled or PipelinedNode.sees_classes):
            PipelinedNode.on_difference("it does not call register_type for classes", WAITING)
        self._settled = True

    @contextmanager
    def _starting_over(self) -> Iterator[None]:
        """If anything fails, continue with another Node process, as jsii starts it, and the same requests."""
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
        self._unread.clear()
        self._instead = self._stock()
        self._start(self._instead)
        for load in self._loads:
            load(self._instead)


def _stay(temporary: Path, place: Path) -> Path:
    """A copy of the files in a permanent folder, whose name is derived from their content."""
    code = b"".join(path.read_bytes() for path in sorted(temporary.rglob("*.js")))
    folder = place / f"jsii-{hashlib.sha256(code).hexdigest()[:16]}"
    if not folder.exists():
        # Another process may be faster, or the disk full.
        with suppress(OSError), tempfile.TemporaryDirectory(dir=place) as aside:
            copy = Path(aside) / "jsii"
            shutil.copytree(temporary, copy, ignore=shutil.ignore_patterns("*.map"))
            copy.rename(folder)
    return folder


def _is_copy(folder: Path, temporary: Path) -> bool:
    """Whether a folder has all files of the other one, as far as their sizes tell."""
    pairs = ((folder / path.relative_to(temporary), path) for path in temporary.rglob("*.js"))
    with suppress(OSError):
        return all(copy.stat().st_size == path.stat().st_size for copy, path in pairs)
    return False


def pipeline(
    package: str,
    preloads: Sequence[Path],
    on_difference: Callable[[object, str], None],
    early: EarlyNode,
) -> None:
    """Make jsii use a pipelined Node; does nothing if jsii has started its own already.

    package: the Python package whose resources Node loads while Python continues to import.
    preloads: JavaScript files that Node runs before its own.
    early: a Node that has been started already with these files.
    on_difference: called with the reason why jsii is used unchanged, and the cost per synthesis.
    """
    if any(name.endswith("._jsii") for name in sys.modules):
        return
    register = _reference_map.register_type

    def register_and_require(klass: type[Any]) -> None:
        register(klass)
        PipelinedNode.sees_classes = True
        if PipelinedNode.running is None:
            on_difference("it does not start _NodeProcess", STOCK_NODE)
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
    PipelinedNode.early = early
    PipelinedNode.first_reads = FirstReads(package)
    PipelinedNode.on_difference = staticmethod(on_difference)
    process._NodeProcess = PipelinedNode  # type: ignore[misc]  # jsii reads it from this name
    _reference_map.register_type = register_and_require
