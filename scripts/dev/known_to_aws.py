"""Writes modules/config/instance_types.txt from the installed botocore; ``make lock`` runs it."""

from collections import defaultdict
from pathlib import Path

import botocore.session

FILE = Path(__file__).parents[2] / "modules" / "config" / "instance_types.txt"
HEAD = "# EC2's instance types by family, as botocore has them; scripts/dev/known_to_aws.py writes this.\n"


def table() -> str:
    """One line per family: its name and its sizes, in botocore's order."""
    shape = botocore.session.get_session().get_service_model("ec2").shape_for("InstanceType")
    sizes: dict[str, list[str]] = defaultdict(list)
    for kind in shape.metadata["enum"]:
        family, _, size = kind.partition(".")
        sizes[family].append(size)
    return HEAD + "".join(f"{family} {' '.join(sizes[family])}\n" for family in sorted(sizes))


if __name__ == "__main__":
    FILE.write_text(table(), encoding="ascii")
