"""One CycloneDX document made of several: nothing twice, nothing lost, the same bytes for the same image."""

from typing import Any  # CycloneDX is JSON

from sbom_merge import Image, as_text, merge

IMAGE = Image(
    repository="123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/my-app",
    commit="4f55ab0",
    digest="sha256:" + "ab" * 32,
    built_at="2026-11-23T06:00:01Z",
)


def component(name: str, version: str = "1", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"bom-ref": f"{name}=={version}", "type": "library", "name": name, "version": version, **more}


def document(*components: dict[str, Any], **depends: str) -> dict[str, Any]:
    """A document of a tool. depends: names of what is there, and of what each needs."""
    return {
        "metadata": {"tools": {"components": [component("a-tool", externalReferences=[])]}},
        "components": list(components),
        "dependencies": [
            {"ref": f"{name}==1", "dependsOn": [f"{other}==1" for other in others.split()]}
            for name, others in depends.items()
        ],
    }


def refs(merged: dict[str, Any]) -> list[str]:
    return [each["bom-ref"] for each in merged["components"]]


def needs(merged: dict[str, Any]) -> dict[str, list[str]]:
    return {dependency["ref"]: dependency["dependsOn"] for dependency in merged["dependencies"]}


def test_the_document_is_about_the_image_by_its_digest() -> None:
    about = merge(IMAGE, [document()])["metadata"]["component"]
    assert (about["type"], about["name"], about["version"]) == ("container", "my-app", "4f55ab0")
    assert about["purl"].startswith(f"pkg:oci/my-app@sha256%3A{'ab' * 32}?repository_url={IMAGE.repository}")
    assert about["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]


def test_what_two_tools_list_is_listed_once_and_nothing_is_lost() -> None:
    merged = merge(IMAGE, [document(component("pip"), component("anyio")), document(component("pip"))])
    assert refs(merged) == ["anyio==1", "pip==1"]


def test_two_versions_of_a_package_are_two() -> None:
    merged = merge(IMAGE, [document(component("pip")), document(component("pip", "2"))])
    assert refs(merged) == ["pip==1", "pip==2"]


def test_the_system_that_a_document_is_about_is_part_of_the_image() -> None:
    debian = document(component("bash"))
    debian["metadata"]["component"] = component("debian", "13")
    assert refs(merge(IMAGE, [debian])) == ["bash==1", "debian==13"]


def test_the_image_needs_what_nothing_in_it_needs() -> None:
    parts = [component(name) for name in ("starlette", "anyio", "idna")]
    merged = merge(IMAGE, [document(*parts, starlette="anyio", anyio="idna gone")])
    assert needs(merged) == {
        "anyio==1": ["idna==1"],
        "idna==1": [],
        "starlette==1": ["anyio==1"],
        IMAGE.purl: ["starlette==1"],
    }


def test_what_two_tools_know_of_a_package_is_put_together() -> None:
    parts = [component(name) for name in "abc"]
    merged = merge(IMAGE, [document(*parts, a="b"), document(*parts, a="c")])
    assert needs(merged)["a==1"] == ["b==1", "c==1"]


def test_the_same_image_gives_the_same_bytes_whatever_the_order() -> None:
    one, two = document(component("a"), component("b"), a="b"), document(component("c"))
    assert as_text(merge(IMAGE, [one, two])) == as_text(merge(IMAGE, [two, one]))


def test_another_image_gives_another_serial_number() -> None:
    other = Image(repository="r/a", commit="b", digest="sha256:" + "cd" * 32, built_at=IMAGE.built_at)
    assert merge(IMAGE, [])["serialNumber"] != merge(other, [])["serialNumber"]


def test_licences_and_suppliers_are_kept_and_what_debian_calls_an_address_is_not() -> None:
    licences = [{"license": {"id": "MIT"}}]
    supplier = {"name": "Google", "contact": [{"email": "https://code.google.com/p/x/"}]}
    part = component("a", licenses=licences, supplier=supplier, externalReferences=[{"url": "https://x"}])
    (listed,) = merge(IMAGE, [document(part)])["components"]
    assert listed["licenses"] == licences
    assert listed["supplier"] == {"name": "Google"}
    assert "externalReferences" not in listed


def test_the_tools_are_named() -> None:
    assert merge(IMAGE, [document()])["metadata"]["tools"]["components"] == [
        {"type": "library", "name": "a-tool", "version": "1"}
    ]
