"""Makes foreign text harmless: what a plan names must not format, link, ping, run or hide anything.

Names and values come from whoever wrote the request. Shown in a comment they could forge a verdict, call
people by ``@name``, or, printed in a build's log, give orders to the runner that reads it (``::error::``).
"""

import html
import re
import unicodedata

JOINER = "\u2060"  # takes no room, breaks no line: it parts what a site would make a link or a call of
CUT = "…"
HIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})  # Unicode's categories of what is not seen
LONGEST = 160  # characters of one value, where nothing else is said

# Calls people, or names an issue, a commit's request, a page: whoever reads a comment is not sent there.
ACTIVE = re.compile(r"@(?=\S)|#(?=\d)|(?i:\bGH-)(?=\d)|:(?=//)|(?i:\bwww)(?=\.)")
# An underscore within a word means nothing to those who read Markdown as GitHub does.
FORMATTING = re.compile(r"[#$&*<>\[\\\]`|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=:)")
BEGINS_A_COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
IN_A_LABEL = re.compile(r"[^\w .,/()…-]")


def visible(text: str) -> str:
    """The text in one line, with what cannot be seen, or turns the reading direction, written out."""
    if text.isprintable():  # says no to all of HIDDEN, and to more
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\n\r\t":
        return {"\n": "⏎", "\r": "␍", "\t": " "}[character]
    if unicodedata.category(character) in HIDDEN:
        return f"⟨U+{ord(character):04X}⟩"
    return character


def cut(text: str, longest: int = LONGEST) -> str:
    """The text, or its beginning and how long it was."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}{CUT} ({len(text):,} characters)"


def prose(text: str) -> str:
    """Words within a line of Markdown or of its HTML: nothing is formatted, and nobody is called."""
    return _entities(ACTIVE.sub(lambda match: match[0] + JOINER, visible(text)))


def code(text: str) -> str:
    """A name or a value within a line of Markdown. In code no site looks for people, links or formats."""
    seen = visible(text).strip()
    return coded(text) if not seen or "`" in seen or "##[" in seen else f"`{seen}`"


def coded(text: str) -> str:
    """The same where backticks mean nothing, as in a fold's title; it may stand anywhere in Markdown."""
    return f"<code>{_entities(visible(text)) or '&nbsp;'}</code>"


def fenced(text: str) -> str:
    """What follows something of ours in a line of a fenced block: it neither ends it nor gives orders."""
    return visible(text).replace("##[", f"##{JOINER}[")


def _entities(text: str) -> str:
    """Characters that Markdown or HTML reads, by number: in no place do they mean anything then."""
    return FORMATTING.sub(lambda match: f"&#{ord(match[0])};", text)


def in_html(text: str) -> str:
    """Text or an attribute's value in HTML; no line of it is an order to a runner."""
    return html.escape(visible(text)).replace("::", "&#58;&#58;").replace("##[", "&#35;&#35;[")


def label(text: str, longest: int = 60) -> str:
    """What stands in a quoted label of a Mermaid picture: letters, digits, a few signs; others by number."""
    return IN_A_LABEL.sub(lambda match: f"#{ord(match[0])};", cut(visible(text), longest))


def for_terminal(text: str) -> str:
    """Lines for a terminal or a build's log, of which none is an order to either."""
    seen = "\n".join(visible(line) for line in text.split("\n"))
    return BEGINS_A_COMMAND.sub(lambda match: f"{match[1]}:{JOINER}", seen).replace("##[", f"##{JOINER}[")
