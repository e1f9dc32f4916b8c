"""Merges several CycloneDX documents about one image into one; the same input gives the same bytes.

cyclonedx.org/docs/1.6/json
"""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any  # CycloneDX is JSON
from urllib.parse import quote

Document = Mapping[str, Any]
VERSION = "1.6"


@dataclass(frozen=True, kw_only=True)
class Image:
    """The image whose contents are listed.

    repository: with its registry.
    built_at: the time of the build, as in image.json.
    """

    repository: str
    commit: str
    digest: str
    built_at: str

    @property
    def name(self) -> str:
        """The last part of the repository's name."""
        return self.repository.rpartition("/")[2]

    @property
    def purl(self) -> str:
        """github.com/package-url/purl-spec, type oci."""
        where = quote(self.repository, safe="/:")
        return f"pkg:oci/{self.name}@{quote(self.digest, safe='')}?repository_url={where}&tag={self.commit}"


def merge(image: Image, documents: Sequence[Document]) -> dict[str, Any]:
    """Return one document with every component of ``documents`` once, as contents of ``image``."""
    components = _once(component for document in documents for component in _components(document))
    depends = _dependencies(documents, {component["bom-ref"] for component in components})
    needed = {other for others in depends.values() for other in others}
    depends[image.purl] = {component["bom-ref"] for component in components} - needed
    return {
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, image.purl)}",
        "version": 1,
        "metadata": {
            "timestamp": image.built_at,
            "tools": {"components": _tools(documents)},
            "component": _itself(image),
        },
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(depends[ref])} for ref in sorted(depends)],
    }


def as_text(document: Document) -> str:
    """Return the document as formatted JSON text."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _itself(image: Image) -> dict[str, Any]:
    algorithm, _, content = image.digest.partition(":")
    return {
        "bom-ref": image.purl,
        "type": "container",
        "name": image.name,
        "version": image.commit,
        "purl": image.purl,
        "hashes": [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}],
    }


def _components(document: Document) -> list[dict[str, Any]]:
    """Return a document's components, and its subject if it has one: the operating system."""
    about = document["metadata"].get("component")
    listed = [*([about] if about else ()), *document.get("components", ())]
    return [_trimmed(component) for component in listed]


def _trimmed(component: Mapping[str, Any]) -> dict[str, Any]:
    """Return a component without links and maintainers' addresses.

    There are hundreds of links, which are slow to validate. Debian accepts any text as an address; CycloneDX
    refuses a document with an invalid address.
    """
    kept = {key: value for key, value in component.items() if key not in ("externalReferences", "supplier")}
    supplier = component.get("supplier", {}).get("name")
    return {**kept, "supplier": {"name": supplier}} if supplier else kept


def _once(components: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    by_ref: dict[str, dict[str, Any]] = {}
    for component in components:
        by_ref.setdefault(component["bom-ref"], component)
    return [by_ref[ref] for ref in sorted(by_ref)]


def _dependencies(documents: Iterable[Document], known: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {ref: set() for ref in known}
    for document in documents:
        for dependency in document.get("dependencies", ()):
            if dependency["ref"] in known:
                found[dependency["ref"]] |= known & set(dependency.get("dependsOn", ()))
    return found


def _tools(documents: Iterable[Document]) -> list[dict[str, Any]]:
    tools = {
        (component["name"], component["version"]): {
            key: component[key] for key in ("type", "name", "version")
        }
        for document in documents
        for component in document["metadata"].get("tools", {}).get("components", ())
    }
    return [tools[key] for key in sorted(tools)]
