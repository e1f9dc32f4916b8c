"""The environment that Terraform runs with: where providers come from, and nothing that hinders it."""

from collections.abc import Mapping
from pathlib import Path

from slipway.terraform import cli_config

# Set for some other project's sake, they would send every stack to one place.
UNWANTED = ("TF_DATA_DIR", "TF_WORKSPACE")


def terraform_environment(directory: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment to run Terraform in, from the given one; files that it names go into the directory.

    Where the provider has to be fetched, it is fetched once and kept beside the directory.
    """
    variables = cli_config.environment(directory, environ=environment)
    kept = {name: value for name, value in environment.items() if name not in UNWANTED}
    if "TF_CLI_CONFIG_FILE" in {**kept, **variables} or "TF_PLUGIN_CACHE_DIR" in kept:
        return {**kept, **variables}
    return {**kept, **variables, **_plugin_cache(directory.parent / "plugins")}


def _plugin_cache(directory: Path) -> dict[str, str]:
    """Terraform's cache of providers; our output directories keep no lock file that it could break."""
    directory.mkdir(parents=True, exist_ok=True)
    return {
        "TF_PLUGIN_CACHE_DIR": str(directory.absolute()),
        "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
    }
