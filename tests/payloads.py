"""Forty texts that somebody hostile would put where a text is expected, and what may reach a terminal all the same."""

import re

PAYLOADS = {
    "clears the screen": "x\x1b[2Jx",
    "goes home": "x\x1b[1;1Hx",
    "colours": "x\x1b[53;51mx",
    "leaves the screen": "x\x1b[?47l\x1b[?1047lx",
    "reports the mouse": "x\x1b[?1002hx",
    "scrolls a part": "x\x1b[3;5rx",
    "inserts lines": "x\x1b[9Lx",
    "asks who is there": "x\x1b[>0cx",
    "asks for the title": "x\x1b[21tx",
    "half a sequence": "x\x1b[3",
    "an escape alone": "x\x1b",
    "resets": "x\x1bcx",
    "another alphabet": "x\x1b(0lqk\x1b(Bx",
    "saves the cursor": "x\x1b7x\x1b8x",
    "titles": "x\x1b]0;pwned\x07x",
    "copies": "x\x1b]52;c;cHduZWQ=\x07x",
    "asks for the clipboard": "x\x1b]52;c;?\x1b\\x",
    "links": "x\x1b]8;;http://x.example\x1b\\x\x1b]8;;\x1b\\",
    "palettes": "x\x1b]4;1;#000000\x1b\\x",
    "notifies": "x\x1b]777;notify;pwned;pwned\x07x",
    "a string that never ends": "x\x1b]0;pwned",
    "draws a picture": "x\x1bPq#0;2;0;0;0~~\x1b\\x",
    "speaks through tmux": "x\x1bPtmux;\x1b\x1b]52;c;cHduZWQ=\x07\x1b\\x",
    "speaks to kitty": "x\x1b_Ga=T;AAAA\x1b\\x",
    "a private message": "x\x1b^pwned\x1b\\x",
    "one byte for CSI": "x\x9b2Jx",
    "one byte for OSC": "x\x9d0;pwned\x9cx",
    "rings": "x\x07x",
    "goes back": "password\x08\x08\x08\x08x",
    "shifts out": "x\x0ex\x0f",
    "a zero byte": "x\x00x",
    "a header": "x\r\nBcc: x@courriel.example",
    "deletes": "x\x7fx",
    "turns round": "x\u202egpj.exe",
    "isolates": "x\u2066y\u2069z",
    "has no width": "x\u200bx\u200dx\ufeffx",
    "tags": "x\U000e0041\U000e007fx",
    "separates lines": "x\u2028y\u2029z",
    "acts when clicked": "[@click=app.quit]x[/]",
    "is no markup": "x[/b] [red",
    "a formula": '=HYPERLINK("http://x.example")',
    "a filter": "*)(uid=*",
}

ACTS_ON_TERMINALS = {name: text for name, text in PAYLOADS.items() if not text.isprintable()}

ALLOWED = (
    r"\x1b\[(?!1;1H)[0-9]*(?:;[0-9]+)?[HC]",  # places the cursor; ours says the first column by leaving it out
    r"\x1b\[K",  # erases to the end of the line
    r"\x1b\[(?!53;51m)[0-9;]*m",  # colours, but for those of PAYLOADS, which nothing of ours has
    r"\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1049|2004|2026)[hl]",  # modes, on the way in and out
    r"\x1b\[\?(?:2026|2048)\$p",  # asks what the terminal can
    r"\x1b\[[<>=][0-9;]*u",  # the keyboard protocol of kitty
    r"\x1b\[(?:22|23);[0-9](?:;[0-9])?t",  # keeps and gives back the title
    r"\x1b\]22;[a-z]*\x07",  # the shape of the pointer
    r"\r\n",  # what a terminal makes of the end of a line, before and after the screen
)
"""All that Perron writes on a terminal beside printable characters, as regular expressions."""

_ALLOWED = re.compile("|".join(ALLOWED))


def strays(written: str) -> list[str]:
    """What steers a terminal in ``written``, beside ``ALLOWED``."""
    rest = _ALLOWED.sub("", written)
    return re.findall("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]", rest)
