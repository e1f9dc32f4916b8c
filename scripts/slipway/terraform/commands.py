"""Terraform's argument lists, apart from running them. Every one is for a stack's own directory.

OpenTofu takes the same: ``by`` puts it in place.
"""

from slipway.processes.terraform_program import TERRAFORM

PLAN_FILE = "slipway.tfplan"

Command = tuple[str, ...]


def init() -> Command:
    """Prepare the directory; the backend's settings are always taken anew, no state is ever moved."""
    return (TERRAFORM, "init", "-json", "-input=false", "-reconfigure")


def check() -> Command:
    """Plan into the plan file, without locking: exit 0 when there is nothing to change, 2 when there is."""
    return _plan("-lock=false")


def plan_destroy(*, lock_timeout: int) -> Command:
    """Plan to destroy everything, into the plan file."""
    return _plan("-destroy", _lock_timeout(lock_timeout))


def apply(*, lock_timeout: int) -> Command:
    """Plan and apply at once. lock_timeout: seconds to wait for the state's lock."""
    return (TERRAFORM, "apply", "-json", "-input=false", "-auto-approve", _lock_timeout(lock_timeout))


def apply_plan(*, lock_timeout: int) -> Command:
    """Apply the plan file: exactly what was shown, or nothing if the state has changed since."""
    return (TERRAFORM, "apply", "-json", "-input=false", _lock_timeout(lock_timeout), PLAN_FILE)


def show_plan() -> Command:
    """The plan file as one JSON document."""
    return (TERRAFORM, "show", "-json", PLAN_FILE)


def force_unlock(lock: str, *, directory: str) -> Command:
    """Take away a lock that nobody holds any more; for a person to run, from anywhere."""
    return (TERRAFORM, f"-chdir={directory}", "force-unlock", lock)


def by(program: str, command: Command) -> Command:
    """The same command, of another program."""
    return (program, *command[1:])


def _plan(*options: str) -> Command:
    return (TERRAFORM, "plan", "-json", "-input=false", "-detailed-exitcode", *options, f"-out={PLAN_FILE}")


def _lock_timeout(seconds: int) -> str:
    return f"-lock-timeout={seconds}s"
