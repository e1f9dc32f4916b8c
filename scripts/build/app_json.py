"""Writes how a commit is run: what its pipeline.toml says below [app], and the defaults of what it does not.

The revision carries it as ``app.json``, so that it changes with a release, and back with a rollback. Defaults
and what each value may be stand in pipeline.schema.json, which the settings' own code writes. Beside it
stands for how many minutes a release into each environment is watched.
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
    """Every key of [app] with its value or default, null if it has neither. ValueError if one is wrong."""
    said = pipeline.get("app", {})
    known = schema["$defs"]["App"]["properties"]
    wrong = [f"app.{key}: unknown key" for key in said if key not in known]
    wrong += [
        f"app.{key} = {json.dumps(value)}: is not what the schema allows"
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
            raise ValueError(f"environments.{name}.watch_minutes = {minutes}: is not what the schema allows")
    return {**own, "watch_minutes": watched}


def fits(value: Any, rule: dict[str, Any]) -> bool:  # noqa: ANN401 - JSON
    """Whether a value is what JSON Schema says of it, as far as the settings' schema goes."""
    kind = KINDS[rule.get("type", "string")]
    if not isinstance(value, kind) or (isinstance(value, bool) and bool not in kind):
        return False
    if isinstance(value, list):
        return all(fits(each, rule["items"]) for each in value)
    if isinstance(value, str):
        return value in rule.get("enum", [value]) and bool(re.search(rule.get("pattern", ""), value))
    if isinstance(value, bool):
        return True
    return bool(rule.get("minimum", value) <= value <= rule.get("maximum", value))


def main(settings: Path, target: Path) -> int:
    """Writes the file; 1 and one line if pipeline.toml cannot be read, or is wrong."""
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
