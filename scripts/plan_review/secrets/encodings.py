"""Decodes texts in base64, with or without gzip, such as user data and startup scripts.

Code that shows decoded text must use this module: masking.py searches the same text, so that nothing is shown
that was not searched.
"""

import base64
import binascii
import re
import zlib
from functools import lru_cache

BASE64 = re.compile(r"[A-Za-z0-9+/_\s-]{24,}={0,2}\s*")
SHORTEST = 24  # characters; a shorter text is more often a name than base64
LARGEST = 4 * 1024 * 1024  # bytes that are decompressed
COMPRESSED = {b"\x1f\x8b": 31, b"\x78\x01": 15, b"\x78\x9c": 15, b"\x78\xda": 15}
"""The first bytes of compressed data, and zlib's code for the format."""
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
URL_SAFE = str.maketrans("-_", "+/")


@lru_cache(maxsize=64)
def unpacked(text: str) -> str:
    """The decoded and decompressed text; "" if it is not encoded."""
    if len(text) < SHORTEST or not BASE64.fullmatch(text):
        return ""
    letters = "".join(text.split()).rstrip("=").translate(URL_SAFE)
    try:
        content = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
        if bits := COMPRESSED.get(content[:2]):
            content = zlib.decompressobj(bits).decompress(content, LARGEST)
        return content.decode(_encoding(content))
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        return ""


def _encoding(content: bytes) -> str:
    """PowerShell's encoded commands are UTF-16 without a byte order mark: every second byte is zero."""
    if content.startswith(BYTE_ORDER_MARKS):
        return "utf-16"
    wide = len(content) >= SHORTEST and content[1::2].count(0) > len(content) // 3
    return "utf-16-le" if wide else "utf-8"
