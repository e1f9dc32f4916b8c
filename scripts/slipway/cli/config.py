"""``slipway config``: asks for values, prints them; secrets only where that was asked for."""

import getpass
import sys
from json import dumps
from pathlib import Path

from slipway import console
from slipway.aws.parameters import Store
from slipway.aws.requests import Request
from slipway.checkout import project
from slipway.cli.dry import would_call
from slipway.console import confirm
from slipway.console.errors import SlipwayError, UsageError
from slipway.parameters import rules, shown


def list_all(*, env: str | None, reveal: bool, json: bool) -> None:
    """Print every variable."""
    store = _store(env)
    variables = store.all(reveal=reveal)
    if json:
        console.data(dumps([shown.document(each) for each in variables], indent=2))
        return
    for line in shown.table(variables):
        console.data(line)
    for each in variables:
        if each.problem:
            console.message(f"warning: {each.name} stops the next deployment: {each.problem}")
    if not variables:
        console.message(f"there is nothing below {store.names.parameter_path}; slipway config set adds it")


def get(name: str, *, env: str | None, reveal: bool, json: bool) -> None:
    """Print one variable."""
    found = _store(env).one(name, reveal=reveal)
    if found is None:
        raise SlipwayError(f"there is no {name}", then="slipway config list shows what there is")
    if json:
        console.data(dumps(shown.document(found), indent=2))
    elif found.value is None:
        raise SlipwayError(f"{name} is a secret, so its value is not shown", then="--reveal shows it")
    else:
        console.data(found.value)


def set_one(name: str, value: str | None, *, env: str | None, dry_run: bool, json: bool) -> None:
    """Set one variable, and say when it is used."""
    _refuse(name, rules.wrong_name(name))
    store = _store(env)
    found = store.one(name, reveal=False)
    secret = value is None
    if found and found.secret != secret:
        raise _of_another_type(name, secret=found.secret)
    value = _ask(name) if value is None else value
    _refuse(name, rules.wrong_value(value))
    request = store.put_request(name, value, secret=secret, new=found is None)
    if dry_run:
        said = {**request, "Value": shown.HIDDEN} if secret else dict(request)
        would_call([Request(service="ssm", operation="PutParameter", parameters=said)])
        return
    version = store.put(request)
    console.message(f"set {name} in {store.names.environment}: {request['Type']}, version {version}")
    _say_when(store)
    if json:
        done = {"name": name, "environment": store.names.environment, "type": request["Type"]}
        console.data(dumps({**done, "version": version}))


def delete(name: str, *, env: str | None, yes: bool, dry_run: bool, json: bool) -> None:
    """Delete one variable once it is agreed to."""
    confirm.require_somebody(yes=yes or dry_run)
    store = _store(env)
    if store.one(name, reveal=False) is None:
        raise SlipwayError(f"there is no {name}", then="slipway config list shows what there is")
    request = store.delete_request(name)
    if dry_run:
        would_call([Request(service="ssm", operation="DeleteParameter", parameters=dict(request))])
        return
    if not yes:
        confirm.agree(f"Delete {name} from {store.names.environment}, with its earlier values?")
    store.ssm.delete_parameter(**request)
    console.message(f"deleted {name} from {store.names.environment}")
    _say_when(store)
    if json:
        console.data(dumps({"name": name, "environment": store.names.environment, "deleted": True}))


def _store(env: str | None) -> Store:
    found, aws = project.signed_in(Path.cwd())
    return Store(aws.ssm, found.environment(env))


def _refuse(name: str, problem: str | None) -> None:
    if problem:
        raise UsageError(f"{name} cannot be set", why=problem)


def _of_another_type(name: str, *, secret: bool) -> UsageError:
    if secret:
        then = "leave the value out: it is asked for, or read from standard input"
        return UsageError(f"{name} is a secret", why="a value in a command line is seen by others", then=then)
    return UsageError(
        f"{name} is a plain value, and a parameter keeps its type",
        then=f"give its new value: slipway config set {name} VALUE; or delete it, then set it as a secret",
    )


def _ask(name: str) -> str:
    """The secret from whoever is at the terminal, or from standard input without its last line break."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{name} (not shown): ", sys.stderr)
    try:
        read = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise UsageError(f"{name} cannot be set", why="what was read is no text in UTF-8") from None
    return read.removesuffix("\n").removesuffix("\r")


def _say_when(store: Store) -> None:
    again = f"slipway deploy --env {store.names.environment} --to COMMIT"
    console.message(
        "What runs keeps what it was started with; the next deployment uses this. To start it anew now,"
    )
    console.message(f"deploy the commit that runs, which slipway status names: {again}")
