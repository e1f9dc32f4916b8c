"""What nobody should write and somebody will: texts that a shell, a path or a parser might take for more."""

import os
import tempfile
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st

CANARY = Path(tempfile.gettempdir()) / f"slipway-canary-{os.getpid()}"
"""If any of the commands below is run, this file is there."""

RUN = f"touch {CANARY}"
COMMANDS = [
    *(f"$({RUN})", f"`{RUN}`", f"; {RUN} #", f"'; {RUN} #", f'"; {RUN} #', f"&& {RUN} &&", f"| {RUN}"),
    *(f"'$({RUN})'", f'"$({RUN})"', f"\\$({RUN})", f"a[$({RUN})]", f"${{x:-$({RUN})}}", f"$(({RUN}))"),
]
LINES = [
    f"\n{RUN}\n",
    f"\r\n{RUN}\r\n",
    "\n",
    "\r",
    f"\nEND_OF_FILE\n{RUN}\n",
    "\x85",
    "\u2028",
    "\x0b",
    "\x0c",
]
QUOTES = ["'", '"', "\\", "`", "$", "${HOME}", "$'\\n'", "!!", "~", "*", "?", "#", "=", "%s", "{", "}", "{}"]
DASHES = ["-", "--", "-x", "--privileged", "--env=A=b", "-v/:/host"]
ODD = ["", " ", "  a  ", "\t", "é", "✓", "\ufeff", "\x1b[31m", "\x7f", "a" * 200, "END_OF_FILE", "None", "0"]

pieces = st.sampled_from([*COMMANDS, *QUOTES, *DASHES, *ODD])
one_line = st.lists(pieces | st.text(max_size=6), max_size=4).map("".join)
"""Hostile, and mostly without line breaks."""

texts = st.lists(pieces | st.sampled_from(LINES) | st.text(max_size=6), max_size=4).map("".join)
"""Hostile, line breaks among it; no lone surrogates, which no UTF-8 can hold, but what JSON can say."""

surrogates = st.sampled_from(["\ud800", "a\udfff"])


def bounded(examples: int) -> settings:
    """So many examples, the same each time: what fails here fails for everybody, and as it was found.

    Looking for a smaller example would take minutes where each is a script's whole run.
    """
    phases = (Phase.explicit, Phase.generate)
    return settings(max_examples=examples, derandomize=True, database=None, phases=phases)


def nothing_ran() -> None:
    """The canary is not there; if it is, it goes, so that one failure stays one."""
    ran = CANARY.exists()
    CANARY.unlink(missing_ok=True)
    assert not ran, "something in the input was run"


@st.composite
def damaged(draw: st.DrawFn, whole: str) -> str:
    """A text in which a few places hold something else, or which is cut off."""
    text = whole
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.sampled_from([0, 0, 1, 5, 40]))
        text = text[:at] + draw(texts | st.sampled_from(MARKUP)) + text[at + gone :]
    return text[: draw(st.integers(0, len(text)))] if draw(st.integers(0, 9)) == 0 else text


CODE = f"!!python/object/apply:os.system ['{RUN}']"
MARKUP = [
    *("[", "]", "[[", "]]", "{", "}", ":", ": ", "- ", "&a ", "*a", "<<: ", "!!timestamp x", "!!int x"),
    *(
        "!!float x",
        "!!bool x",
        "!!binary x",
        "!!python/object/apply:os.system [id]",
        "2001-99-99",
        "? ",
        "|\n",
    ),
    *('"""', "'''", "0x", "1e999", "nan", "\\u0000", "[" * 1500, "9" * 5000, "²", "\0"),
]
