"""Escapes foreign text: what a plan names must not format, link, notify, execute or hide anything.

Names and values come from the author of a pull request. In a comment they could forge a verdict or notify
people with ``@name``; in a build's log they could give commands to the runner (``::error::``).
"""

import html
import re
import unicodedata

JOINER = (
    "\u2060"  # invisible and without a line break: it splits what a site would turn into a link or a mention
)
CUT = "…"
HIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})  # Unicode's categories of invisible characters
LONGEST = 160  # the default limit of one value, in characters

# Mentions of people, issues, pull requests and pages: a comment must not link there.
ACTIVE = re.compile(r"@(?=\S)|#(?=\d)|(?i:\bGH-)(?=\d)|:(?=//)|(?i:\bwww)(?=\.)")
# In GitHub's Markdown an underscore within a word has no meaning.
FORMATTING = re.compile(r"[#$&*<>\[\\\]`|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=:)")
BEGINS_A_COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
IN_A_LABEL = re.compile(r"[^\w .,/()…-]")


def visible(text: str) -> str:
    """The text in one line; invisible characters and changes of the reading direction are spelled out."""
    if text.isprintable():  # false for all of HIDDEN
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\n\r\t":
        return {"\n": "⏎", "\r": "␍", "\t": " "}[character]
    if unicodedata.category(character) in HIDDEN:
        return f"⟨U+{ord(character):04X}⟩"
    return character


def cut(text: str, longest: int = LONGEST) -> str:
    """The text, or its beginning and its length if it is longer than ``longest`` characters."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}{CUT} ({len(text):,} characters)"


def prose(text: str) -> str:
    """Text within a line of Markdown or its HTML, without formatting, links and mentions."""
    return _entities(ACTIVE.sub(lambda match: match[0] + JOINER, visible(text)))


def code(text: str) -> str:
    """A name or a value as inline code of Markdown, in which sites look for no links or mentions."""
    seen = visible(text).strip()
    return coded(text) if not seen or "`" in seen or "##[" in seen else f"`{seen}`"


def coded(text: str) -> str:
    """The same in places where backticks do not work, such as a fold's title."""
    return f"<code>{_entities(visible(text)) or '&nbsp;'}</code>"


def fenced(text: str) -> str:
    """Text after a prefix in a line of a fenced block: it can neither end the block nor give commands."""
    return visible(text).replace("##[", f"##{JOINER}[")


def _entities(text: str) -> str:
    """Replaces characters that Markdown or HTML interprets by numeric entities."""
    return FORMATTING.sub(lambda match: f"&#{ord(match[0])};", text)


def in_html(text: str) -> str:
    """Text or an attribute's value in HTML; no line of it is a command to a runner."""
    return html.escape(visible(text)).replace("::", "&#58;&#58;").replace("##[", "&#35;&#35;[")


def label(text: str, longest: int = 60) -> str:
    """What stands in a quoted label of a Mermaid picture: letters, digits, a few signs; others by number."""
    return IN_A_LABEL.sub(lambda match: f"#{ord(match[0])};", cut(visible(text), longest))


def for_terminal(text: str) -> str:
    """Lines for a terminal or a build's log, none of which is a command to either."""
    seen = "\n".join(visible(line) for line in text.split("\n"))
    return BEGINS_A_COMMAND.sub(lambda match: f"{match[1]}:{JOINER}", seen).replace("##[", f"##{JOINER}[")
