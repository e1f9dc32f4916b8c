"""Makes text from elsewhere safe to show: nothing in it reaches the terminal as a command."""

import unicodedata

# Control characters move the cursor and retitle terminals, format characters turn text around.
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def plain(text: str) -> str:
    """The text with everything spelled out that a terminal would obey; tabs stay."""
    return "".join(
        each.encode("unicode_escape").decode()
        if each != "\t" and unicodedata.category(each) in UNSAFE
        else each
        for each in text
    )
