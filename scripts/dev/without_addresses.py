"""Removes npm's funding addresses from each package-lock.json; npm does not need them."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = (ROOT / "package-lock.json", ROOT / "engines" / "cdktn" / "package-lock.json")


def main() -> None:
    """Rewrites the locks without the funding entries."""
    for file in LOCKS:
        lock = json.loads(file.read_text(encoding="utf-8"))
        for package in lock["packages"].values():
            package.pop("funding", None)
        file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
