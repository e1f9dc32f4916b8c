"""Writes adopt.toml: the imports that main.py turns into Terraform's import blocks."""

import json
from collections.abc import Mapping
from pathlib import Path

from modules.config.adopted import Imports

HEAD = """\
# Written by `slipway adopt`: existing resources that Terraform imports into the stacks' states.
# Commit this file, review the plan, and apply as usual. After the apply its lines have no effect:
# delete the file, or let `slipway adopt` do it. Without a line, its resource is not touched.
"""


def text(imports: Imports) -> str:
    """The file's content, the same for the same imports; "" without imports."""
    tables = [_table(stack, ids) for stack, ids in sorted(imports.items()) if ids]
    return "\n".join([HEAD, *tables]) if tables else ""


def write(path: Path, imports: Imports) -> bool:
    """Write the file atomically, or delete it if nothing is left to import. Returns whether it changed."""
    wanted, now = text(imports), path.read_text("utf-8") if path.exists() else ""
    if wanted == now:
        return False
    if not wanted:
        path.unlink()
        return True
    new = path.with_name(f"{path.name}.new")
    new.write_text(wanted, encoding="utf-8")
    new.replace(path)
    return True


def _table(stack: str, ids: Mapping[str, str]) -> str:
    lines = [f"{_quoted(address)} = {_quoted(existing)}" for address, existing in sorted(ids.items())]
    return "\n".join([f"[{_quoted(stack)}]", *lines, ""])


def _quoted(value: str) -> str:
    """A TOML basic string: JSON's is one, unless it escapes characters beyond U+FFFF."""
    return json.dumps(value, ensure_ascii=False)
