"""Who called what at the emulated AWS: the form of the record that it keeps, one line a call.

Callers are told apart by their access key, for an emulator takes any: what plays a build asks with the key
``build``, what plays a host with ``host``, everybody else with the key of ``environment``.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAME = "calls.jsonl"


@dataclass(frozen=True)
class Call:
    """A call: the access key that signed it, the service, the operation, and what it was about.

    on: the parameters that name something, such as a repository; never content.
    """

    who: str
    service: str
    operation: str
    on: Mapping[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """The call as it stands in the record."""
        return json.dumps(asdict(self), sort_keys=True) + "\n"


def read(path: Path) -> list[Call]:
    """Every call in a record, in the order in which they came in."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Call(**json.loads(line)) for line in lines]
