"""Runs Terraform in one stack's directory, passes on its events, and returns its results."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from slipway.processes.program import Program, run
from slipway.processes.terraform_program import how_to_get, program
from slipway.terraform import commands, events
from slipway.terraform.differences import differences
from slipway.terraform.events import Counted, Diagnostic, Event, Outputs
from slipway.terraform.failures import failure

GRACE = 60.0  # seconds for an interrupted Terraform to save its state and release its lock
LOG = "terraform.log"
SUCCESS, CHANGES = 0, 2

OnEvent = Callable[[Event], None]


@dataclass
class Result:
    """A command's results: its last count of resources, its outputs and its diagnostics."""

    counted: Counted
    outputs: Mapping[str, object] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def note(self, event: Event) -> None:
        """Record an event that belongs to the results."""
        match event:
            case Counted():
                self.counted = event
            case Outputs(values):
                self.outputs = values
            case Diagnostic():
                self.diagnostics.append(event)


@dataclass(frozen=True)
class Workspace:
    """A stack's directory, and the environment variables that Terraform runs with.

    on_event: called with every event of every command. lock_timeout: seconds to wait for the state's lock.
    Default: 0. Every method raises SlipwayError if Terraform fails.
    """

    directory: Path
    environment: Mapping[str, str]
    on_event: OnEvent
    lock_timeout: int = 0

    async def init(self) -> None:
        """Initialise the directory: backend and provider."""
        await self._stream(commands.init())

    async def check(self) -> tuple[str, ...]:
        """Plan without a lock. Returns a line for each resource that would change; empty if none would."""
        result = await self._stream(commands.check(), CHANGES)
        if not result.counted.total:
            return ()
        return await asyncio.to_thread(differences, await self._text(commands.show_plan()))

    async def plan(self) -> str:
        """Plan without a lock. Returns the plan's JSON text. The plan file is kept."""
        await self._stream(commands.check(), CHANGES)
        return await self._text(commands.show_plan())

    async def apply(self) -> Result:
        """Plan and apply. Returns what was changed, and the outputs."""
        return await self._stream(commands.apply(lock_timeout=self.lock_timeout))

    async def plan_destroy(self) -> str:
        """Plan the destruction of everything. Returns the plan's JSON text. The plan file is kept."""
        await self._stream(commands.plan_destroy(lock_timeout=self.lock_timeout), CHANGES)
        return await self._text(commands.show_plan())

    async def apply_plan(self) -> Counted:
        """Apply the plan file. Returns what was changed."""
        return (await self._stream(commands.apply_plan(lock_timeout=self.lock_timeout))).counted

    async def _stream(self, command: commands.Command, *also_good: int) -> Result:
        """Run a command that writes JSON lines, which are also appended to the stack's log."""
        result = Result(Counted(command[1]))  # without a count, nothing was changed
        with (self.directory / LOG).open("a", encoding="utf-8") as log:

            def on_line(line: str) -> None:
                log.write(line + "\n")
                event = events.parse(line)
                if event:
                    result.note(event)
                    self.on_event(event)

            finished = await run(self._program(command), on_line)
        if finished.exit_code not in (SUCCESS, *also_good):
            raise failure(self._own(command), self.directory, result.diagnostics, finished.words)
        return result

    async def _text(self, command: commands.Command) -> str:
        """Run a command. Returns its stdout."""
        lines: list[str] = []
        finished = await run(self._program(command), lines.append)
        if finished.exit_code != SUCCESS:
            raise failure(self._own(command), self.directory, (), finished.words)
        return "\n".join(lines)

    def _program(self, command: commands.Command) -> Program:
        own = self._own(command)
        remedy = how_to_get(own[0], self.environment)
        return Program(own, self.directory, self.environment, GRACE, remedy)

    def _own(self, command: commands.Command) -> commands.Command:
        return commands.by(program(self.environment), command)
