"""Looks into texts that wrap others: JSON, and base64 with or without gzip, as user data comes."""

import base64
import binascii
import re
import zlib

from plan_review.secrets import texts

BASE64 = re.compile(r"[A-Za-z0-9+/\s]{24,}={0,2}\s*")
LARGEST = 4 * 1024 * 1024  # bytes that are unpacked
GZIP = 31  # zlib's name for gzip's format
DEEPEST = 4  # wrappings within wrappings


def hidden_in(text: str, depth: int = 0) -> str:
    """What kind of secret is in a text that is base64; empty if there is none, or if it is not base64."""
    inner = _unpacked(text)
    if not inner or depth > DEEPEST:
        return ""
    found = texts.spans(inner)
    if found:
        return f"{found[0][2]}, in base64"
    return hidden_in(inner, depth + 1)


def _unpacked(text: str) -> str:
    """The text in base64, unzipped; empty if it is none."""
    if len(text) < 24 or not BASE64.fullmatch(text):
        return ""
    try:
        content = base64.b64decode(text, validate=False)
        if content.startswith(b"\x1f\x8b"):
            content = zlib.decompressobj(GZIP).decompress(content, LARGEST)
        return content.decode("utf-8")
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        return ""
