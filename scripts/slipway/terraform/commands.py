"""The argument lists of Terraform's commands, to be run in a stack's directory.

OpenTofu accepts the same arguments; ``by`` replaces the program.
"""

from slipway.processes.terraform_program import TERRAFORM

PLAN_FILE = "slipway.tfplan"

Command = tuple[str, ...]


def init() -> Command:
    """Initialise the directory. -reconfigure: never migrate state from an earlier backend."""
    return (TERRAFORM, "init", "-json", "-input=false", "-reconfigure")


def check() -> Command:
    """Plan into the plan file, without a lock. Exits with 0 for no changes, 2 for changes."""
    return _plan("-lock=false")


def plan_destroy(*, lock_timeout: int) -> Command:
    """Plan the destruction of everything into the plan file. lock_timeout: seconds to wait for the lock."""
    return _plan("-destroy", _lock_timeout(lock_timeout))


def apply(*, lock_timeout: int) -> Command:
    """Plan and apply. lock_timeout: seconds to wait for the state's lock."""
    return (TERRAFORM, "apply", "-json", "-input=false", "-auto-approve", _lock_timeout(lock_timeout))


def apply_plan(*, lock_timeout: int) -> Command:
    """Apply the plan file; it fails if the state has changed since. lock_timeout: seconds to wait."""
    return (TERRAFORM, "apply", "-json", "-input=false", _lock_timeout(lock_timeout), PLAN_FILE)


def show_plan() -> Command:
    """Print the plan file as one JSON document."""
    return (TERRAFORM, "show", "-json", PLAN_FILE)


def force_unlock(lock: str, *, directory: str) -> Command:
    """Remove a stale lock; a command for the user, to be run in any directory. lock: its id."""
    return (TERRAFORM, f"-chdir={directory}", "force-unlock", lock)


def by(program: str, command: Command) -> Command:
    """The same command with another program."""
    return (program, *command[1:])


def _plan(*options: str) -> Command:
    return (TERRAFORM, "plan", "-json", "-input=false", "-detailed-exitcode", *options, f"-out={PLAN_FILE}")


def _lock_timeout(seconds: int) -> str:
    return f"-lock-timeout={seconds}s"
