"""Writes adopt.toml: the lines that main.py turns into Terraform's import, moved and removed blocks."""

import json
from collections.abc import Mapping
from pathlib import Path

from modules.config.adopted import Adopted, Line

HEAD = """\
# Written by `slipway adopt`: existing resources that Terraform imports into the stacks' states, moves
# within them (moved_from), or forgets without destroying them (destroy = false).
# Commit this file, review the plan, and apply as usual. After the apply its lines have no effect:
# delete the file, or let `slipway adopt` do it. Without a line, its resource is not touched.
"""


def text(lines: Adopted) -> str:
    """The file's content, the same for the same lines; "" without lines."""
    tables = [_table(stack, found) for stack, found in sorted(lines.items()) if found]
    return "\n".join([HEAD, *tables]) if tables else ""


def write(path: Path, lines: Adopted) -> bool:
    """Write the file atomically, or delete it if no line is left. Returns whether it changed."""
    wanted, now = text(lines), path.read_text("utf-8") if path.exists() else ""
    if wanted == now:
        return False
    if not wanted:
        path.unlink()
        return True
    new = path.with_name(f"{path.name}.new")
    new.write_text(wanted, encoding="utf-8")
    new.replace(path)
    return True


def line(address: str, value: Line) -> str:
    """A line of the file."""
    if isinstance(value, str):
        return f"{_quoted(address)} = {_quoted(value)}"
    pairs = (f"{key} = {json.dumps(item, ensure_ascii=False)}" for key, item in sorted(value.items()))
    return f"{_quoted(address)} = {{ {', '.join(pairs)} }}"


def _table(stack: str, lines: Mapping[str, Line]) -> str:
    return "\n".join([f"[{_quoted(stack)}]", *(line(*pair) for pair in sorted(lines.items())), ""])


def _quoted(value: str) -> str:
    """A TOML basic string: JSON's is one, unless it escapes characters beyond U+FFFF."""
    return json.dumps(value, ensure_ascii=False)
