"""Changes words in a text that comes from elsewhere; a test notices when they are not there any more."""


def patched(text: str, old: str, new: str) -> str:
    """The text with other words in it; the old ones have to stand there exactly once."""
    __tracebackhide__ = True
    found = text.count(old)
    assert found == 1, f"what a test wants to change has to be there once, and is {found} times: {old!r}"
    return text.replace(old, new)
