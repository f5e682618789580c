"""What somebody hears who walks each journey line by line: ``make transcripts`` writes docs/transcripts/*.txt.

The walks are those of the tests, on a real terminal of lines. What differs from one walk to the next - codes, addresses
of this machine, how long is left - is replaced by an example; whatever was hidden while it was typed is not written.
"""

import re
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from tests.backend_process import BackendProcess
from tests.line_journeys import LINE_JOURNEYS
from tests.listening import LineWalk

FOLDER = Path(__file__).parent.parent / "docs" / "transcripts"

TYPED = "> "
_UNSEEN = {"fr": "(saisi sans être montré)", "en": "(typed without being shown)"}
_ENTER_ALONE = {"fr": "(Entrée)", "en": "(Enter)"}

EXAMPLES = (
    (r"https?://127\.0\.0\.1:\d+", "http://127.0.0.1:8080"),
    (r"/p/[0-9A-Z]{26}", "/p/JBSWY3DPEHPK3PXPJBSWY3DPEH"),
    (r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"),
    (r"\b[B-DF-HJ-NP-TV-Z]{4}-[B-DF-HJ-NP-TV-Z]{4}\b(?!-)", "WDJB-MJHT"),
    (r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}\b", "ABCD-EFGH-JKMNP"),
    (r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}\b", "ABCD-EFGH-JKMN"),
    (r"\b\d{3}-\d{3}-\d{3}\b", "123-456-789"),
    (r"(?m)^> \d{6}$", "> 123456"),
    (r"(?<=sur la page : )\d\d|(?<=on the page: )\d\d", "47"),
    (r"\bA-20\d\d-\d{5}-.", "A-2026-00001-4"),
    (
        r"jusqu’au [^:]*\(heure\s+de\s+Paris\) : il\s+reste [^.]*\.",
        "jusqu’à 23 h 59 (heure de Paris) : il reste 3 h 12.",
    ),
    (r"until [^:]*\d\d:\d\d \(Paris time\): [^.]*left\.", "until 23:59 (Paris time): 3 h 12\nleft."),
    (r"\b\d+ min(?: \d+ s)?|\b\d+ s(?= |$)", "2 min"),
    (r"(?s)(Il reste 2 min pour répondre ; ensuite, le téléphone n’est)\s+pas\s+appairé", r"\1 pas\nappairé"),
)
"""What to write instead of what; some sentences are folded elsewhere where a number is longer."""


def transcript(walk: LineWalk) -> str:
    """What was heard and what was typed, one line for each; prompts end where something is typed behind ``> ``."""
    heard = walk.heard
    places = [*walk.typed, (len(heard), "")]
    lines = [heard[: places[0][0]]]
    for (at, line), (until, _next) in pairwise(places):
        answer, seen = heard[at:until], bool(line) and heard.startswith(line, at)
        said = line if seen else _UNSEEN[walk.lang] if line else _ENTER_ALONE[walk.lang]
        lines += [TYPED + said, answer.removeprefix(line if seen else "").removeprefix("\n")]
    text = "\n".join(part.rstrip(" ").removesuffix("\n") for part in lines if part)
    for pattern, example in EXAMPLES:
        text = re.sub(pattern, example, text)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        demonstration = BackendProcess(Path(home) / "data", "--demonstration")
        demonstration.start()
        try:
            for walked in LINE_JOURNEYS:
                with walked.begin(demonstration, Path(home)) as walk:
                    walked.walk(walk, demonstration)
                    walk.end()
                file = FOLDER / f"{walked.name}.txt"
                file.write_text(transcript(walk), encoding="utf-8")
                print(f"{FOLDER.name}/{file.name}", file=sys.stderr)
        finally:
            demonstration.stop()


if __name__ == "__main__":
    main()
