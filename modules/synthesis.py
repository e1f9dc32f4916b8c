"""Synthesises the stacks of the settings' file, with adopt.toml beside it; what is wrong is one message."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from constructs_lib.policy import PolicyTooLongError
from constructs_lib.stack import App, SynthesisError, UnknownStackError, synthesise

from modules.config import adopted
from modules.config.load import SettingsError, load, warnings
from modules.config.settings import PipelineSettings

SHORTER = "shorten names and lists, or divide the environments between two pipelines"


def synthesise_pipeline(build: Callable[[App, PipelineSettings], object]) -> int:
    """Write the Terraform JSON of every stack that ``build`` adds to an app for the settings.

    The settings are pipeline.toml, or the file in SLIPWAY_SETTINGS. Returns the exit code: 0; 2 if the
    settings or adopt.toml are invalid, or make a policy longer than AWS allows; 1 if Node or the output
    directory do not work; 130 if interrupted. Unless it is 0, stderr has the reason, and nothing is written.
    Errors of ``build`` are raised.
    """
    settings = Path(os.environ.get("SLIPWAY_SETTINGS") or "pipeline.toml")
    try:
        pipeline = load(settings)
        for warning in warnings(pipeline):
            print(f"warning: {warning}", file=sys.stderr)
        blocks = adopted.blocks(adopted.load(settings.with_name(adopted.FILE)))
        with _interruptible():
            synthesise(lambda app: build(app, pipeline), blocks)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except PolicyTooLongError as error:
        print(f"{settings}: {error}; {SHORTER}", file=sys.stderr)
        return 2
    except UnknownStackError as error:
        print(f"{adopted.FILE}: {error}; delete its table", file=sys.stderr)
        return 2
    except SynthesisError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
    return 0


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP raise KeyboardInterrupt in the block, as Ctrl-C does: Node and its files go too."""
    default = [
        number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL
    ]
    for number in default:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in default:
            signal.signal(number, signal.SIG_DFL)
