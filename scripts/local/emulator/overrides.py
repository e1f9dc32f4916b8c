"""Terraform's settings for the emulated AWS, as override files: no construct needs to know of it.

An override file outlives the next ``cdktf synth`` beside it. So it belongs into an output directory of
its own, never into one that a real deployment is made from.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # Terraform's JSON

STACK_FILE = "cdk.tf.json"
FILE_NAME = "slipway_override.tf.json"

# Attempts, in truth. Without a limit the provider asks for minutes for an action that the emulator lacks;
# with less than this, a connection that is lost now and then on a busy machine ends it.
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
    """The override of one stack, given what its own file says.

    Terraform merges a provider's arguments into the provider of the same alias, but replaces a backend
    as a whole: the backend's own settings are repeated.
    """
    providers = _providers(stack)
    override: dict[str, Any] = {"provider": {"aws": providers}} if providers else {}
    backend = stack.get("terraform", {}).get("backend", {}).get("s3")
    if backend is not None:
        override["terraform"] = {"backend": {"s3": {**backend, **BACKEND}}}
    return override


def write(output: Path) -> list[Path]:
    """Writes the overrides of every stack below a synthesised directory; the stacks' directories."""
    stacks = sorted(file.parent for file in output.glob(f"stacks/*/{STACK_FILE}"))
    for stack in stacks:
        synthesised = json.loads((stack / STACK_FILE).read_text(encoding="utf-8"))
        (stack / FILE_NAME).write_text(json.dumps(render(synthesised), indent=2), encoding="utf-8")
    return stacks


def _providers(stack: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One override for each of the stack's AWS providers, told apart by their aliases; none for none."""
    own = stack.get("provider", {}).get("aws", [])
    aliases = [each.get("alias") for each in (own if isinstance(own, list) else [own])]
    return [PROVIDER if alias is None else {"alias": alias, **PROVIDER} for alias in aliases]
