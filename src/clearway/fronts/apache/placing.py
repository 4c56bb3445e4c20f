"""Changes that let files of a directory arrive: the alias, what is kept from the application, and who may have them."""

from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import PurePosixPath

from clearway.fronts.directive import Directive
from clearway.fronts.quoting import literal
from clearway.fronts.texts import Texts

from .case import Case
from .editing import Edits
from .quoting import path, quoted, word

_OLD = frozenset({"order", "allow", "deny", "satisfy"})
GRANTED = "Require all granted"


def placed(case: Case, extras: Iterable[Edits | None]) -> Iterator[Texts | None]:
    """Each way of all of them; `extras` are what the files must not arrive without."""
    for parts in product(_aliases(case), _kept(case), _granted(case), extras):
        yield case.made(*parts)


def _aliases(case: Case) -> Iterator[Edits | None]:
    """Nothing, an alias that is repaired or comes first, or a new one."""
    place, editor = case.place, case.editor
    right = f"Alias {word(place.prefix)} {word(path(place.root).rstrip('/') + '/')}"
    yield ()
    for each in case.aliases:
        yield editor.rewritten(each, right)
        yield joined(editor.rewritten(each), case.first([right]))
    if not case.aliases:
        yield case.first([right])


# --- what is kept from the application


def _kept(case: Case) -> Iterator[Edits | None]:
    yield ()
    taker = case.at(case.decider("proxy", "rewrite"))
    if 300 <= (case.road.outcome.status or 0) < 400:
        return
    if taker is None:
        if case.road.outcome.by == "application":
            yield case.last([f"<Location {word(case.place.prefix)}>", "    SetHandler None", "</Location>"])
    elif taker.name.startswith("proxypass"):
        yield from _kept_from_proxy(case, taker)
    elif taker.name == "rewriterule":
        engine = next((each for each in case.directives if each.name == "rewriteengine"), None)
        rule = f"RewriteRule {quoted('^' + literal(case.place.prefix))} - [L]"
        yield case.editor.after(engine.location, [rule]) if engine else None


def _kept_from_proxy(case: Case, taker: Directive) -> Iterator[Edits | None]:
    prefix, editor = case.place.prefix, case.editor
    around = next((each for each in case.directives if any(one is taker for one in each.block or ())), None)
    if around:
        yield editor.behind(around, [f"<Location {word(prefix)}>", "    ProxyPass !", "</Location>"])
        return
    excepted = f"ProxyPass {word(prefix)} !"
    if taker.words[0].rstrip("/") == prefix.rstrip("/"):
        yield editor.rewritten(taker, excepted)
        return
    late = [each for each in case.directives if _is_exception(each, prefix)]
    yield joined(editor.before(taker.location, [excepted]), *(editor.rewritten(each) for each in late))


def _is_exception(each: Directive, prefix: str) -> bool:
    return each.name == "proxypass" and each.words[1:2] == ("!",) and each.words[0].rstrip("/") == prefix.rstrip("/")


# --- who may


def _granted(case: Case) -> Iterator[Edits | None]:
    """By the directory, with the rules that its path of the URL has, and without them."""
    shut = [each for section in case.locations for each in _rules(section)]
    for change in _opened_directory(case):
        yield change
        if shut and _may_open(case, shut):
            yield joined(change, *(case.editor.rewritten(each) for each in shut))


def _opened_directory(case: Case) -> Iterator[Edits | None]:
    """Nothing, the rules of the section there is, the section of another directory, or a new section.

    A section of the path would also open what `<Files ".ht*">` closes.
    """
    place, editor = case.place, case.editor
    root, sections = path(place.root), case.directories(place.root)
    yield ()
    for section in sections:
        yield _opened(case, section)
    if sections or not all(map(_is_of_all, _rules_above(case))):
        return
    for each in case.aliases:
        for section in case.directories(each.words[1]) if each.name == "alias" else ():
            yield editor.rewritten(section, f"<Directory {word(root)}>")
    new = [f"<Directory {word(root)}>", f"    {GRANTED}", "</Directory>"]
    yield editor.after(case.aliases[0].location, new) if case.aliases else case.first(new)


def _opened(case: Case, section: Directive) -> Edits | None:
    """With one rule, in place of those that are there."""
    rules = _rules(section)
    if not rules:
        return case.editor.at_end(section, [GRANTED]) if all(map(_is_of_all, _rules_above(case))) else None
    if not _may_open(case, rules):
        return None
    return joined(case.editor.rewritten(rules[0], GRANTED), *(case.editor.rewritten(each) for each in rules[1:]))


def _may_open(case: Case, rules: Iterable[Directive]) -> bool:
    """Static files are for everybody; uploads that are closed may be meant so, and so are rules that choose."""
    return case.place is case.site.static and all(map(_is_of_all, rules))


def _rules(section: Directive) -> list[Directive]:
    return [each for each in section.block or () if each.name.startswith("require") or each.name in _OLD]


def _rules_above(case: Case) -> list[Directive]:
    """Of the directories that the place lies in."""
    parents = [str(each) for each in PurePosixPath(case.full(case.place.root)).parents]
    return [rule for parent in parents for section in case.directories(parent) for rule in _rules(section)]


def _is_of_all(rule: Directive) -> bool:
    """Whether a rule makes no difference between those who ask."""
    words = [each.lower() for each in rule.words]
    if rule.name in {"allow", "deny"}:
        return words == ["from", "all"]
    return rule.name in _OLD or (rule.name == "require" and words[:1] == ["all"])


def joined(*changes: Edits | None) -> Edits | None:
    """All of them; None where one cannot be made."""
    made = [change for change in changes if change is not None]
    return tuple(edit for change in made for edit in change) if len(made) == len(changes) else None
