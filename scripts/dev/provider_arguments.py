"""Writes the arguments of AWS provider 6, for each type that constructs use, from cdktn's bindings.

``make engines/provider`` runs it where the bindings are installed. In the output an argument's name ends in
``?`` if it is optional; its value is Terraform's type, or for a block its arguments.
"""

import io
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).resolve().parents[2]
EXTRACT = ROOT / "engines" / "provider-6.json"
BINDINGS = "cdktn_provider_aws"
USED = re.compile(r"from cdktf_cdktf_provider_aws\.(\w+) import")
IN_THE_DOCS = re.compile(r"docs[^ #}]*#(\w+)")
PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool", "any": "any"}

Jsii: TypeAlias = Mapping[str, Any]
Arguments: TypeAlias = dict[str, "str | Arguments"]


def main() -> None:
    """Writes engines/provider-6.json from the installed bindings."""
    EXTRACT.write_text(text(), encoding="utf-8")


def text() -> str:
    """The content of the file."""
    types = description()["types"]
    version_of_the_provider = re.findall(r"providers/hashicorp/aws/([\d.]+)/docs", json.dumps(types[CONFIG]))[
        0
    ]
    found = {
        "bindings": f"cdktn-provider-aws {version('cdktn-provider-aws')}",
        "version": version_of_the_provider,
        **{kind: {} for kind in ("data", "provider", "resource")},
    }
    for module in used():
        kind, name = kind_and_name(module)
        found[kind][name] = arguments(types, config(types, module))
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


CONFIG = "@cdktn/provider-aws.provider.AwsProviderConfig"


def used() -> list[str]:
    """The modules of the bindings that constructs import, one per Terraform type."""
    sources = (file for part in ("constructs_lib", "modules") for file in (ROOT / part).rglob("*.py"))
    return sorted({name for file in sources for name in USED.findall(file.read_text(encoding="utf-8"))})


def kind_and_name(module: str) -> tuple[str, str]:
    """Terraform's block and type: ``("data", "aws_ssm_parameter")`` for ``data_aws_ssm_parameter``."""
    if module == "provider":
        return "provider", "aws"
    return (
        ("data", module.removeprefix("data_"))
        if module.startswith("data_")
        else ("resource", f"aws_{module}")
    )


def description() -> Jsii:
    """The bindings as jsii describes them, about 150 MB."""
    (archive,) = (path for path in files(f"{BINDINGS}._jsii").iterdir() if path.name.endswith(".tgz"))
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as packed:
        member = packed.extractfile("package/.jsii")
        assert member
        described: Jsii = json.load(member)
    return described


def config(types: Jsii, module: str) -> str:
    """The type of a resource's arguments, by the name of its module."""
    words = module.split("_")
    prefix = f"@cdktn/provider-aws.{words[0]}{''.join(map(str.capitalize, words[1:]))}."
    (found,) = (
        type_["initializer"]["parameters"][2]["type"]["fqn"]
        for name, type_ in types.items()
        if name.startswith(prefix)
        and any(property_.get("name") == "tfResourceType" for property_ in type_.get("properties", ()))
    )
    return str(found)


def arguments(types: Jsii, fqn: str) -> Arguments:
    """The arguments of a resource or a block by Terraform's names."""
    return {
        f"{terraform_name(property_)}{'?' if property_.get('optional') else ''}": value(
            types, property_["type"]
        )
        for property_ in types[fqn].get("properties", ())
    }


def terraform_name(argument: Jsii) -> str:
    """An argument's name in Terraform, from the link to the provider's documentation."""
    return str(IN_THE_DOCS.findall(json.dumps(argument["docs"]))[0])


def value(types: Jsii, type_: Jsii) -> str | Arguments:
    """A type in Terraform's notation, or a block's arguments; tokens are left out."""
    if "primitive" in type_:
        return PRIMITIVES[type_["primitive"]]
    if "fqn" in type_:
        return arguments(types, type_["fqn"])
    if "collection" in type_:
        inside = value(types, type_["collection"]["elementtype"])
        return f"{type_['collection']['kind']}({inside})" if isinstance(inside, str) else inside
    (only,) = (member for member in _members(type_) if member.get("fqn") != "cdktn.IResolvable")
    return value(types, only)


def _members(type_: Jsii) -> Iterator[Jsii]:
    """The alternatives of a union; of a map of booleans or tokens, the booleans."""
    for member in type_["union"]["types"]:
        element = member.get("collection", {}).get("elementtype", {})
        yield (
            member
            if "union" not in element
            else {"collection": {**member["collection"], "elementtype": element}}
        )


if __name__ == "__main__":
    main()
