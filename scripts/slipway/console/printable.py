"""Makes text from elsewhere safe to print: control characters are escaped."""

import unicodedata

# Control characters can move the cursor or change the title; format characters can reverse text.
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def plain(text: str) -> str:
    """The text with control characters as Python's escapes; tabs are kept."""
    return "".join(
        character.encode("unicode_escape").decode()
        if character != "\t" and unicodedata.category(character) in UNSAFE
        else character
        for character in text
    )
