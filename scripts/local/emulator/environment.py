"""The environment variables that point Terraform, the aws command and boto3 at the emulated AWS.

Whatever else the environment says of AWS is taken out: a developer's own credentials, profile, endpoint
or certificate bundle must neither be sent to the emulator nor change what it is asked.
"""

import os
from collections.abc import Mapping

from slipway.console.shell import command_line, export

NOBODY = "/dev/null"  # where AWS's tools look for the developer's files: there is nothing in it
NO_PROXY = "127.0.0.1,localhost"
UNWANTED = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE")


def settings(endpoint: str, region: str) -> dict[str, str]:
    """The variables that are needed, and no others."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "emulated",
        "AWS_SECRET_ACCESS_KEY": "emulated",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": NOBODY,
        "AWS_SHARED_CREDENTIALS_FILE": NOBODY,
        "AWS_PAGER": "",
    }


def environment(endpoint: str, region: str, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """A whole environment: ``base`` without anything of AWS's, and the settings."""
    kept = {name: value for name, value in base.items() if not name.startswith("AWS_")}
    proxies = {name: _also_not(base.get(name, "")) for name in ("NO_PROXY", "no_proxy")}
    return {**kept, **proxies, **settings(endpoint, region)}


def shell_lines(endpoint: str, region: str) -> list[str]:
    """What to paste into a shell to point it at the emulated AWS."""
    exports = [export(name, value) for name, value in settings(endpoint, region).items()]
    return [command_line("unset", *UNWANTED), *exports]


def _also_not(excluded: str) -> str:
    """A proxy's exceptions, this machine among them."""
    return f"{excluded},{NO_PROXY}" if excluded else NO_PROXY
