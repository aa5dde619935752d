"""Regular expressions that a hostile text cannot make run forever."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(
    r"""
    \\.                                                     # an escaped character
    | \[\^?\]?(?:\\.|[^\]\\])*\]                            # a class
    | (?P<open>\((?:\?(?:[:=!>]|<[=!]|P<\w+>|[aiLmsux-]+:?))?)
    | (?P<close>\))
    | (?P<many>[*+]|\{\d*,\d*\})
    | (?P<choice>\|)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


def repeats_what_varies(text: str) -> bool:
    """Whether ``text`` repeats a group that itself repeats or chooses, as ``(a+)+`` and ``(a|aa)*`` do.

    Such an expression can try exponentially many ways to match. Harmless ones of that form are told as well; each can be
    written without.
    """
    varies = [False]
    closed = False
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "many" if closed:
                return True
            case "many" | "choice":
                varies[-1] = True
            case "open":
                varies.append(False)
        closed = False
        if token.lastgroup == "close" and len(varies) > 1:
            closed = varies.pop()
            varies[-1] |= closed
    return False
