"""``slipway config``: reads and sets variables; secrets are printed only with --reveal."""

import getpass
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from slipway import console
from slipway.aws.parameters import Parameters
from slipway.checkout import project
from slipway.cli.app import QuickGroup
from slipway.cli.dry_run import would_call
from slipway.cli.options import DryRun, Env, Json
from slipway.console import confirm, documents
from slipway.console.errors import SlipwayError, UsageError
from slipway.console.screen import terminal_width
from slipway.console.shell import command_line
from slipway.parameters import rules, table
from slipway.parameters.document import VariableDeleted, VariableList, VariableSet, VariableState
from slipway.releases.plan import Step

Name = Annotated[str, typer.Argument(metavar="NAME", help="The variable's name, such as DATABASE_URL.")]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show secrets too.")]

SWITCHES = ("--json", "--dry-run", "--")
MARK = "\ufeff"  # the byte order mark, which some editors on Windows write first

app = typer.Typer(cls=QuickGroup, no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def about() -> None:
    """Read and set the service's variables and secrets in Parameter Store.

    Containers get them as environment variables.

    \b
    slipway config list --env prod                    every variable; secrets without their values
    slipway config set LOG_LEVEL debug --env prod     a plain value
    slipway config set DATABASE_URL --env prod        a secret, which is prompted for without echo

    The next deployment uses a change: running containers keep the values that they were started with.
    """


@app.command("list")
def list_all(*, env: Env = None, reveal: Reveal = False, json: Json = False) -> None:
    """List the variables of an environment, and warn of those that would stop a deployment.

    \b
    slipway config list --env prod
    slipway config list --env prod --json
    slipway config list --env prod --reveal           with the values of secrets

    Exit codes: 0 listed, 1 failed, 2 wrong settings or usage.
    """
    store = _store(env)
    variables = store.all(reveal=reveal)
    if json:
        documents.show(VariableList(tuple(map(VariableState.of, variables))))
        return
    for line in table.lines(variables, width=terminal_width()):
        console.data(line)
    for variable in variables:
        if problem := rules.problem(variable):
            console.message(f"warning: {variable.name} stops the next deployment: {problem}")
    if not variables:
        console.message(f"no parameters below {store.names.parameter_path}; add one with slipway config set")


@app.command()
def get(name: Name, *, env: Env = None, reveal: Reveal = False, json: Json = False) -> None:
    """Print one variable's value; a secret's only with --reveal.

    \b
    slipway config get LOG_LEVEL --env prod
    slipway config get DATABASE_URL --env prod --reveal

    Exit codes: 0 printed, 1 failed or not revealed, 2 wrong settings or usage.
    """
    store = _store(env)
    found = store.one(name, reveal=reveal)
    if found is None:
        raise _not_found(name, store.names.environment)
    if json:
        documents.show(VariableState.of(found))
    elif found.value is None:
        raise SlipwayError(f"{name} is a secret, so its value is not shown", then="add --reveal to show it")
    else:
        console.data(found.value)


class SetCommand(TyperCommand):
    """Accepts values that begin with a hyphen; refuses an option of its own in the place of a value."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer does not export its type
        """Parse the arguments. Raises UsageError if a word may be an option or the value."""
        name, after = _name_and_next(args)
        if after in SWITCHES and not _has_value(args, name):
            raise _either_way(name, after)
        return super().parse_args(ctx, args)


def _name_and_next(args: list[str]) -> tuple[str, str]:
    """The first argument that is not an option, and the word after it; "" if there is none."""
    words = iter(args)
    for word in words:
        if word == "--env":
            next(words, None)
        elif word == "--":
            break
        elif not word.startswith("-"):
            return word, next(words, "")
    return "", ""


def _has_value(args: list[str], name: str) -> bool:
    """Whether the words after ``name`` contain one that can be its value."""
    words = iter(args[args.index(name) + 1 :])
    return any(
        word not in SWITCHES and not word.startswith("--env=") and (word != "--env" or not next(words, "--"))
        for word in words
    )


def _either_way(name: str, word: str) -> UsageError:
    as_value = command_line("slipway", "config", "set", "--env", "NAME", "--", name, word)
    ways = f"to store it: {as_value}"
    if word != "--":
        ways += f"\nto set a secret: {command_line('slipway', 'config', 'set', word, name, '--env', 'NAME')}"
    return UsageError(f"{word} may be an option or the value of {name}", then=ways)


@app.command("set", cls=SetCommand, context_settings={"ignore_unknown_options": True})
def set_one(
    name: Name,
    value: Annotated[
        str | None,
        typer.Argument(metavar="VALUE", help="A plain value. Default: ask for a secret."),
    ] = None,
    *,
    env: Env = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Set one variable: a plain value, or a secret, which is prompted for.

    \b
    slipway config set LOG_LEVEL debug --env prod     a plain value (String)
    slipway config set DATABASE_URL --env prod        a secret (SecureString), prompted for without echo
    slipway config set DATABASE_URL --env prod <file  a secret from standard input
    slipway config set --env prod -- FLAG --json      a value that looks like an option of this command

    Secrets are encrypted with the environment's key. A value is one line of at most 4 KB.

    Exit codes: 0 set, 1 failed, 2 wrong settings or usage.
    """
    _refuse(name, rules.wrong_name(name))
    store = _store(env)
    found = store.one(name, reveal=False)
    secret = value is None
    if found and found.secret != secret:
        raise _of_another_type(name, store.names.environment, secret=found.secret)
    value = (_ask(name) if value is None else value).removeprefix(MARK)
    _refuse(name, rules.wrong_value(value))
    request = store.put_request(name, value, secret=secret, new=found is None)
    if dry_run:
        hidden = replace(request, parameters={**request.parameters, "Value": table.HIDDEN})
        would_call([Step(hidden if secret else request)])
        return
    version, environment = store.put(request), store.names.environment
    kind: Literal["String", "SecureString"] = "SecureString" if secret else "String"
    console.message(f"set {name} in {environment}: {kind}, version {version}")
    _say_when(store)
    if json:
        documents.show(VariableSet(name=name, environment=environment, type=kind, version=version))


@app.command()
def delete(
    name: Name,
    *,
    env: Env = None,
    yes: Annotated[bool, typer.Option("--yes", help="Skip the confirmation.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Delete one variable with its earlier values, after asking.

    \b
    slipway config delete LOG_LEVEL --env staging
    slipway config delete LOG_LEVEL --env staging --yes

    Exit codes: 0 deleted, 1 failed or aborted, 2 wrong settings or usage.
    """
    store = _store(env, asks=not (yes or dry_run))
    if store.one(name, reveal=False) is None:
        raise _not_found(name, store.names.environment)
    request = store.delete_request(name)
    if dry_run:
        would_call([Step(request)])
        return
    if not yes:
        confirm.agree(f"Delete {name} from {store.names.environment}, with its earlier values?")
    request.send(store.aws)
    console.message(f"deleted {name} from {store.names.environment}")
    _say_when(store)
    if json:
        documents.show(VariableDeleted(name=name, environment=store.names.environment, deleted=True))


def _store(env: str | None, *, asks: bool = False) -> Parameters:
    """The parameters of the environment. asks: whether the command will ask, which requires a terminal."""
    found = project.find(Path.cwd())
    names = found.environment(env)
    confirm.require_somebody(yes=not asks)
    return Parameters(found.sign_in(), names)


def _not_found(name: str, environment: str) -> SlipwayError:
    then = f"{command_line('slipway', 'config', 'list', '--env', environment)} lists the variables"
    return SlipwayError(f"{environment} has no variable {name}", then=then)


def _refuse(name: str, problem: str | None) -> None:
    if problem:
        raise UsageError(f"{name} cannot be set", why=problem)


def _of_another_type(name: str, environment: str, *, secret: bool) -> UsageError:
    if secret:
        then = "leave the value out: it is prompted for, or read from stdin"
        return UsageError(f"{name} is a secret", why="other users can see command lines", then=then)
    new = command_line("slipway", "config", "set", name, "VALUE", "--env", environment)
    return UsageError(
        f"{name} is a plain value, and the type of a parameter cannot be changed",
        then=f"set a new value: {new}; or delete it, then set it as a secret",
    )


def _ask(name: str) -> str:
    """Prompt for the secret at a terminal; else read stdin, without its last line break."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{name} (not shown): ", sys.stderr)
    try:
        read = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(
            f"{name} cannot be set", why="stdin is not valid UTF-8", then="save the file as UTF-8"
        ) from None
    return read.removesuffix("\n").removesuffix("\r")


def _say_when(store: Parameters) -> None:
    again = command_line("slipway", "deploy", "--env", store.names.environment, "--to", "COMMIT")
    console.message(
        "The next deployment uses this; running containers keep their values. To restart them now,"
    )
    console.message(f"deploy the running commit again (slipway status shows it): {again}")
