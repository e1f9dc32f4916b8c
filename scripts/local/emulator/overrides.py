"""Writes Terraform's settings for the emulated AWS into override files; constructs do not know them.

The next ``cdktf synth`` does not remove an override file. It must only be written into an output directory
from which no real deployment is made.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # Terraform's JSON

STACK_FILE = "cdk.tf.json"
FILE_NAME = "slipway_override.tf.json"

# max_retries counts attempts. Without a limit the provider retries for minutes if the emulator lacks an
# action; with fewer attempts, a connection lost on a busy machine makes it fail.
PROVIDER = {
    "max_retries": 5,
    "s3_use_path_style": True,
    "skip_credentials_validation": True,
    "skip_metadata_api_check": "true",
    "skip_region_validation": True,
}
BACKEND = {
    "use_path_style": True,
    "skip_credentials_validation": True,
    "skip_metadata_api_check": True,
    "skip_region_validation": True,
    "skip_requesting_account_id": True,
}


def render(stack: Mapping[str, Any]) -> dict[str, Any]:
    """The override of one stack, from its synthesised JSON.

    Terraform merges a provider's arguments into the provider with the same alias, but replaces a backend as a
    whole, so the backend's own settings are repeated.
    """
    providers = _providers(stack)
    override: dict[str, Any] = {"provider": {"aws": providers}} if providers else {}
    backend = stack.get("terraform", {}).get("backend", {}).get("s3")
    if backend is not None:
        override["terraform"] = {"backend": {"s3": {**backend, **BACKEND}}}
    return override


def write(output: Path) -> list[Path]:
    """Writes the override of every stack below a synthesised directory; the stacks' directories."""
    stacks = sorted(file.parent for file in output.glob(f"stacks/*/{STACK_FILE}"))
    for stack in stacks:
        synthesised = json.loads((stack / STACK_FILE).read_text(encoding="utf-8"))
        (stack / FILE_NAME).write_text(json.dumps(render(synthesised), indent=2), encoding="utf-8")
    return stacks


def _providers(stack: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An override for each of the stack's AWS providers, identified by alias; none if it has none."""
    own = stack.get("provider", {}).get("aws", [])
    aliases = [provider.get("alias") for provider in (own if isinstance(own, list) else [own])]
    return [PROVIDER if alias is None else {"alias": alias, **PROVIDER} for alias in aliases]
