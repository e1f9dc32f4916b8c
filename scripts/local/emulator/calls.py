"""The record of calls to the emulated AWS: one line per call.

The emulator accepts any access key, so keys identify callers: ``build`` for builds, ``host`` for hosts, and
the key of ``environment`` for all others.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAME = "calls.jsonl"


@dataclass(frozen=True)
class Call:
    """A call: the access key that signed it, the service, the operation, and the resources that it names.

    on: the parameters that name resources, such as a repository; never content.
    """

    who: str
    service: str
    operation: str
    on: Mapping[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """The call as a line of the record."""
        return json.dumps(asdict(self), sort_keys=True) + "\n"


def read(path: Path) -> list[Call]:
    """All calls in a record, in the order in which they arrived."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Call(**json.loads(line)) for line in lines]
