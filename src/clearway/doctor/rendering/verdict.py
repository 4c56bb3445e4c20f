"""The whole report in one sentence."""

from clearway.doctor.finding import Finding, Level
from clearway.doctor.report import Report, Status

from .words import shown

_STRETCHES = {"static": "static files", "media": "media files", "uploads": "uploads", "page": "pages"}


def verdict(report: Report) -> str:
    """What does not work and why, of the first cause; else what was seen."""
    if report.is_blind:
        return "Nothing could be looked at."
    causes = [each.finding for each in report.roots if each.finding.level != Level.NOTE]
    if not causes:
        crashed = report.counts[Status.CRASHED]
        return f"Nothing was found, but {_crashed(crashed)}." if crashed else "Nothing is wrong."
    first = causes[0]
    if first.level == Level.ERROR:
        return _sentence(first, _broken(first))
    return _sentence(first, "Nothing fails now, but there is a risk")


def _sentence(finding: Finding, subject: str) -> str:
    message = shown(finding.message).rstrip(".")
    return f"{subject}: {message}." if subject else f"{_capital(message)}."


def _capital(text: str) -> str:
    """With a capital, unless it begins with a name."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].isalpha() else text


def _broken(finding: Finding) -> str:
    """The subject: whole stretches first, else that some files of them."""
    whole = [words for stretch, words in _STRETCHES.items() if stretch in finding.breaks]
    kinds = {stretch.partition(":")[0] for stretch in finding.breaks}
    named = whole or [f"some {words}" for stretch, words in _STRETCHES.items() if stretch in kinds]
    if not named:
        return ""
    told = " and ".join([*([", ".join(named[:-1])] if named[1:] else []), named[-1]])
    return f"{_capital(told)} do not work"


def _crashed(number: int) -> str:
    return "one check crashed" if number == 1 else f"{number} checks crashed"
