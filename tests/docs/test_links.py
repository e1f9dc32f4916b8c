"""Every link within the repository leads somewhere."""

import re
from pathlib import Path

from tests.docs.pages import LINK, anchors, each_document, name, prose


@each_document
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    for link in LINK.findall(prose(document)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{name(document)} links to {link}, which is not there"
        if anchor:
            assert anchor in anchors(target), f"{name(document)} links to {link}; {sorted(anchors(target))}"


@each_document
def test_every_document_begins_with_its_title(document: Path) -> None:
    assert document.read_text(encoding="utf-8").startswith("# ")
