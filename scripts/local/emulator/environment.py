"""The environment variables that point Terraform, the aws command and boto3 at the emulated AWS.

All other variables of AWS are removed: a developer's credentials, profile, endpoint or certificate bundle
must not be sent to the emulator or change the requests to it.
"""

import os
from collections.abc import Mapping

from slipway.console.shell import command_line, export

NOBODY = "/dev/null"  # AWS's tools read it in place of the developer's configuration files
NO_PROXY = "127.0.0.1,localhost"
UNWANTED = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE")


def settings(endpoint: str, region: str) -> dict[str, str]:
    """Only the variables that are needed. Terraform, the aws command and boto3 read them."""
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
    """A complete environment: ``base`` without AWS's variables, and the settings."""
    kept = {name: value for name, value in base.items() if not name.startswith("AWS_")}
    proxies = {name: _also_not(base.get(name, "")) for name in ("NO_PROXY", "no_proxy")}
    return {**kept, **proxies, **settings(endpoint, region)}


def shell_lines(endpoint: str, region: str) -> list[str]:
    """The commands to paste into a shell so that it uses the emulated AWS."""
    exports = [export(name, value) for name, value in settings(endpoint, region).items()]
    return [command_line("unset", *UNWANTED), *exports]


def _also_not(excluded: str) -> str:
    """A NO_PROXY list with this machine added."""
    return f"{excluded},{NO_PROXY}" if excluded else NO_PROXY
