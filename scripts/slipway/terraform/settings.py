"""The environment variables that Terraform runs with: where providers come from."""

from collections.abc import Mapping
from pathlib import Path

from slipway.terraform import cli_config

# Set for other projects, they would make all stacks share one directory or workspace.
UNWANTED = ("TF_DATA_DIR", "TF_WORKSPACE")


def terraform_environment(directory: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment variables to run Terraform with, based on the given ones.

    directory: where files that they name are written. If the provider must be downloaded, it is cached
    beside the directory.
    """
    variables = cli_config.environment(directory, environ=environment)
    kept = {name: value for name, value in environment.items() if name not in UNWANTED}
    if "TF_CLI_CONFIG_FILE" in {**kept, **variables} or "TF_PLUGIN_CACHE_DIR" in kept:
        return {**kept, **variables}
    return {**kept, **variables, **_plugin_cache(directory.parent / "plugins")}


def _plugin_cache(directory: Path) -> dict[str, str]:
    """Variables for Terraform's plugin cache, which cannot break lock files here: there are none."""
    directory.mkdir(parents=True, exist_ok=True)
    return {
        "TF_PLUGIN_CACHE_DIR": str(directory.absolute()),
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
    }
