"""Writes app.json, which says how a commit is run: the settings below [app] in pipeline.toml, with defaults.

app.json is part of the revision, so a rollback also rolls back these settings. Defaults and rules come from
pipeline.schema.json, which the settings' own code generates. app.json also holds the watch_minutes of every
environment.
"""

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any  # TOML and JSON

KINDS: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
}


def app(pipeline: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return every key of [app] with its value or default, None if it has neither. Raises ValueError."""
    said = pipeline.get("app", {})
    known = schema["$defs"]["App"]["properties"]
    wrong = [f"app.{key}: unknown key" for key in said if key not in known]
    wrong += [
        f"app.{key} = {json.dumps(value)}: is not allowed by pipeline.schema.json"
        for key, value in said.items()
        if key in known and not fits(value, known[key])
    ]
    if wrong:
        raise ValueError("; ".join(wrong))
    own = {key: said.get(key, rule.get("default")) for key, rule in known.items()}
    rule = schema["$defs"]["Environment"]["properties"]["watch_minutes"]
    watched = {
        environment["name"]: environment.get("watch_minutes", rule["default"])
        for environment in pipeline["environments"]
    }
    for name, minutes in watched.items():
        if not fits(minutes, rule):
            raise ValueError(
                f"environments.{name}.watch_minutes = {minutes}: is not allowed by pipeline.schema.json"
            )
    return {**own, "watch_minutes": watched}


def fits(value: Any, rule: dict[str, Any]) -> bool:  # noqa: ANN401 - JSON
    """Whether a value is valid, by the parts of JSON Schema that the settings' schema uses."""
    kind = KINDS[rule.get("type", "string")]
    if not isinstance(value, kind) or (isinstance(value, bool) and bool not in kind):
        return False
    if isinstance(value, list):
        return all(fits(entry, rule["items"]) for entry in value)
    if isinstance(value, str):
        return value in rule.get("enum", [value]) and bool(re.search(rule.get("pattern", ""), value))
    if isinstance(value, bool):
        return True
    return bool(rule.get("minimum", value) <= value <= rule.get("maximum", value))


def main(settings: Path, target: Path) -> int:
    """Write the file; return 0, or 1 after one message if pipeline.toml cannot be read or is invalid."""
    try:
        pipeline = tomllib.loads(settings.read_text("utf-8-sig"))
        schema = json.loads(settings.with_name("pipeline.schema.json").read_text("utf-8"))
        found = app(pipeline, schema)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        kind = f"{type(error).__name__}: " if isinstance(error, LookupError) else ""
        sys.stderr.write(f"{kind}{error}\n")
        return 1
    target.write_text(f"{json.dumps(found, indent=2, sort_keys=True)}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
