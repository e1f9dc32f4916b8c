"""The commands and their descriptions; the module of a command is loaded when it is called."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup, TyperOption
from typer.main import get_command

COMMANDS = {
    "Without an AWS account": {
        "demo": "Apply every stack to an emulated AWS, and plan again.",
        "rehearse": "Rehearse a whole release on this machine, or in a sandbox account.",
        "validate": "Check pipeline.toml, and list its stacks.",
    },
    "Before the first release": {
        "permissions": "List the permissions that applying the stacks needs, as an IAM policy.",
        "bootstrap": "Create or repair the S3 bucket for Terraform's state.",
        "doctor": "Check everything that a first deployment needs.",
        "adopt": "Import resources that exist already, instead of creating them.",
        "plan": "Synthesise, plan every stack without a lock, and review what would change.",
        "review": "Review Terraform plans, riskiest changes first; fail on unacknowledged risks.",
    },
    "What runs": {
        "status": "Show what runs where: hosts, health, alarms, the pipeline.",
        "drift": "Check whether AWS differs from what Terraform applied.",
        "releases": "List the releases, what runs, and what a rollback would deploy.",
        "watch": "Watch a deployment, host by host and event by event.",
        "logs": "Read the logs of the service, its hosts and its builds.",
        "hosts": "List and renew the hosts of an environment.",
        "config": "Read and set the service's variables and secrets in Parameter Store.",
        "run": "Run a command in the service's image, in CodeBuild.",
        "shell": "Open a session on a host with Session Manager.",
    },
    "Changing what runs": {
        "rollback": "Roll back to the release that ran before, or to any commit.",
        "deploy": "Deploy any commit that was built, without the pipeline.",
        "resume": "Resume the pipeline after a rollback paused it.",
        "approve": "Approve the release that waits for approval.",
        "reject": "Reject the release that waits for approval.",
    },
    "Removing everything": {
        "destroy": "Destroy the stacks, after showing what will be lost and asking.",
    },
}
"""Commands with the first line of their help, by purpose."""


class QuickGroup(TyperGroup):
    """A group of commands that starts fast.

    Without a default for ``--help``, Typer loads pydantic, which takes a quarter of a second.
    """

    def get_help_option(self, ctx: Any) -> TyperOption | None:  # noqa: ANN401 - typer does not export its type
        """The group's option ``--help``, with the default False."""
        option = super().get_help_option(ctx)
        if option:
            option.default = False
        return option


class LazyGroup(QuickGroup):
    """The commands of COMMANDS; the module of a command is loaded when it is called."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - whatever typer gives a group
        super().__init__(**given)
        self.commands: Any = {name: None for commands in COMMANDS.values() for name in commands}

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - typer does not export their types
        """The command from its module; None if there is no such command."""
        if cmd_name not in self.commands:
            return None
        if self.commands[cmd_name] is None:
            self.commands[cmd_name] = get_command(import_module(f"slipway.cli.{cmd_name}").app)
        return self.commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - as above
        """Write the commands, by purpose, for ``slipway --help``."""
        for purpose, commands in COMMANDS.items():
            with formatter.section(purpose):
                formatter.write_dl(list(commands.items()))


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def slipway() -> None:
    """Deploy a container from a commit to running hosts on AWS.

    \b
    slipway demo                    apply all stacks to an emulated AWS
    slipway status                  show what runs, and what the pipeline waits for
    slipway rollback --env prod     roll back to the release that ran before

    Run it in the directory of pipeline.toml; SLIPWAY_SETTINGS names another file.
    Exit codes: 0 done, 1 failed, 2 wrong settings or usage, 130 interrupted.
    """
