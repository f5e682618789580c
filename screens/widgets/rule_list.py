"""The rules of a password, each turning ✓ while one types."""

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widgets import Static

from api_client.passwords import PasswordPolicy, Rule, Verdict, broken, judge
from screens.looks import signs_of
from screens.widgets.prose import plain
from screens.words import _

_EXCEPTIONS = frozenset({Rule.CHARACTERS, Rule.EDGE_SPACES, Rule.TOO_LONG, Rule.BIRTH_DATE, Rule.IDENTICAL})
"""Rules that hardly anyone breaks: told when broken, and no burden to the others."""


def sentence(rule: Rule, policy: PasswordPolicy) -> str:
    """What ``rule`` asks for, in the language now spoken."""
    match rule:
        case Rule.LENGTH_CLASSES:
            return _ways(policy)
        case Rule.CHARACTERS:
            return _("only letters without accents, digits, spaces and usual signs")
        case Rule.EDGE_SPACES:
            return _("no space at the beginning or at the end")
        case Rule.IDENTITY:
            return _("contains neither your name nor your login")
        case Rule.REPETITION:
            return _("the same character at most {n} times running").format(n=policy.max_run)
        case Rule.COMMON:
            return _("not a common password")
        case Rule.TOO_LONG:
            return _("{n} characters at most").format(n=policy.max_length)
        case Rule.BIRTH_DATE:
            return _("does not contain your date of birth")
        case Rule.IDENTICAL:
            return _("not the provisional password, nor the one before")


def _ways(policy: PasswordPolicy) -> str:
    """Every way to be strong enough, joined by « ou »."""
    ways = []
    if policy.min_four_classes:
        ways.append(
            _("{n} characters with lower case, upper case, digit and special").format(n=policy.min_four_classes)
        )
    if policy.min_three_classes:
        ways.append(_("{n} without special").format(n=policy.min_three_classes))
    if policy.passphrase_words:
        ways.append(_("{n} different words").format(n=policy.passphrase_words))
    if policy.min_length:
        ways.append(_("{n} characters or more").format(n=policy.min_length))
    return _(", or ").join(ways)


class RuleList(Static):
    """One widget for all lines, redrawn only when a verdict has changed: most keys change none."""

    def __init__(self, policy: PasswordPolicy, refused_words: Sequence[str]) -> None:
        super().__init__(id="rules")
        self._policy = policy
        self._refused_words = refused_words
        self._shown: tuple[Verdict, ...] | None = None
        self._empty = True

    def on_mount(self) -> None:
        self.judge("")

    def judge(self, password: str, told_broken: Sequence[str] = ()) -> None:
        """Show how ``password`` fares; ``told_broken`` are codes of rules of which only the backend can judge."""
        verdicts = judge(password, self._policy, self._refused_words)
        judged = {verdict.rule for verdict in verdicts}
        verdicts += tuple(Verdict(Rule(code), False) for code in told_broken if Rule(code) not in judged)
        shown = tuple(verdict for verdict in verdicts if not verdict.kept or verdict.rule not in _EXCEPTIONS)
        if shown == self._shown and self._empty == (not password):
            return
        same_lines = self._shown is not None and [v.rule for v in shown] == [v.rule for v in self._shown]
        self._shown, self._empty = shown, not password
        self.update(Content("\n").join(map(self._line, shown)), layout=not same_lines)

    retold = True
    """Told again after each try, though it may say the same."""

    def told(self) -> Iterable[str]:
        """What is asked for; once something was typed, what of it is not kept."""
        shown = self._shown or ()
        if self._empty:
            return (_("The rules of a password:"), *(sentence(verdict.rule, self._policy) for verdict in shown))
        lacking = [sentence(verdict.rule, self._policy) for verdict in shown if not verdict.kept]
        return tuple(_("Not kept yet: {rule}").format(rule=rule) for rule in lacking)

    def broken(self, password: str) -> tuple[Rule, ...]:
        return broken(judge(password, self._policy, self._refused_words))

    def _line(self, verdict: Verdict) -> Content:
        signs = signs_of(self.app)
        words = sentence(verdict.rule, self._policy)
        if self._empty:
            return plain(f"{signs.pending} {words}")
        if verdict.kept:
            return plain(f"{signs.kept} {words}").stylize("$success")
        return plain(f"{signs.broken} {words}").stylize("$error")
