"""Which one cause keeps each sample from arriving: asked in the order of the road, the first that fits."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from posixpath import basename
from typing import Final
from urllib.parse import quote
from weakref import WeakKeyDictionary

from clearway.doctor.facts import Facts
from clearway.fronts.handed import sent_target

from . import byways, relation, rights, unloaded, wanted
from .configurations import around, at
from .mounts import mounts
from .passage import Passage, passages
from .shape import DOUBLED, GLUED, SAME, directory, shape
from .terrain import Terrain, decisive, terrain
from .verdict import Verdict

# What a rule reads that asks for verdicts.
FACTS: Final = ("settings", "process", "front", "site", "roads", "tree")
_RULES = (
    *("return", "deny", "allow", "if", "internal", "auth_basic", "auth_request", "limit_except", "valid_referers"),
    *("respond", "error", "abort", "basic_auth", "basicauth", "handle", "redir"),
    *("require", "requireall", "requireany", "requirenone", "order", "satisfy", "redirect", "redirectmatch"),
)
_PACKAGED = "the main files of Debian and Red Hat deny what no Directory grants"
_GRANTS = ("require", "requireall", "requireany", "requirenone", "order", "deny", "directory")
_WINNERS = (
    *("location", "rewrite"),
    *("reverse_proxy", "handle", "handle_path", "file_server", "route", "respond"),
    *("alias", "aliasmatch", "proxypass", "proxypassmatch", "rewriterule", "wsgiscriptalias", "scriptalias"),
)
_UNREAD = re.compile(r"(\S+) (?:is not on this machine|cannot be read by this user|is not in the dump)")
_NO_ROUTES = re.compile(r"ssl|tls|dhparam|letsencrypt|certbot|acme|param|header|gzip|log|security|real.?ip|cloudflare")
_known: "WeakKeyDictionary[object, list[Verdict]]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Case:
    """A sample that does not arrive."""

    facts: Facts
    passage: Passage
    ground: Terrain

    @property
    def is_handed_on(self) -> bool:
        return self.passage.road.outcome.by == "application"

    @property
    def shape(self) -> str:
        found = self.passage
        return shape(found.looked, found.due, found.sample.prefix, found.sample.name)

    @property
    def is_html(self) -> bool:
        outcome = self.passage.road.outcome
        return outcome.status == 200 and (outcome.type or "").startswith("text/html")


def verdicts(facts: Facts) -> Sequence[Verdict]:
    """One for each sample that the front keeps from arriving. Raises `Unavailable`."""
    if facts not in _known:
        _known[facts] = _asked(facts)
    return _known[facts]


def _asked(facts: Facts) -> list[Verdict]:
    relation.related(facts)
    walked = [each for each in passages(facts) if each.due or each.sample.kind == "page"]
    pages = [each for each in walked if each.sample.kind == "page" and not each.walked.is_described]
    broken = [each for each in walked if each.is_file and each.is_broken and not _is_closed(each, pages)]
    found = [_verdict(Case(facts, each, terrain(each))) for each in broken]
    asked = [each for each in wanted.described(facts) if each.visit.fields or not _is_closed(each, pages)]
    return [each for each in (*(wanted.verdict(each, terrain(each)) for each in asked), *found) if each]


def _is_closed(passage: Passage, pages: Sequence[Passage]) -> bool:
    """Whether the whole site is refused alike: it is private, or in maintenance."""
    outcome = passage.road.outcome
    is_meant = passage.front.name != "apache" or bool(passage.places("access"))
    return passage.is_ours and any(
        page.is_ours
        and page.road.outcome.status == outcome.status
        and outcome.status in ({401, 403, 503} if is_meant else {401, 503})
        for page in pages
    )


def _verdict(case: Case) -> Verdict | None:
    if case.is_handed_on and not _is_missed(case):
        return _by_proxy(case)
    return next((found for look in _LOOKS if (found := look(case))), None)


def _is_missed(case: Case) -> bool:
    """Whether the application, which is handed the request, is not the one to answer such files."""
    if case.facts.settings["DEBUG"] or relation.is_served_otherwise(case.facts):
        return False
    return case.passage.sample.kind == "media" or not case.facts.process.answers


# --- causes, in the order of the road


def _not_loaded(case: Case) -> Verdict | None:
    found = unloaded.verdict(case.passage)
    return found and Verdict("config-not-loaded", case.passage, found[1], told=found[0])


def _refused(case: Case) -> Verdict | None:
    """A rule says no before any file is looked for; httpd looks first."""
    passage = case.passage
    status = passage.road.outcome.status or 0
    is_before = basename(passage.sample.name) != basename(passage.looked) or case.shape == SAME
    if not passage.is_ours or status < 400 or not is_before or rights.verdict(passage):
        return None
    grant = decisive(passage, _GRANTS) if passage.front.name == "apache" and status == 403 else None
    if passage.front.name == "apache" and status == 403 and case.shape == SAME and not _is_link(passage):
        return _ungranted(case, grant)
    rule = decisive(passage, _RULES, _is_sought)
    return Verdict("deny-rule", passage, rule) if rule else None


def _is_sought(passage: Passage) -> bool:
    """Whether the request gets as far as to a file, or to the application."""
    return passage.road.outcome.by == "application" or basename(passage.looked) == basename(passage.sample.name)


def _is_link(passage: Passage) -> bool:
    return bool(passage.front.files.links(passage.due)) and not passage.places("access")


def _ungranted(case: Case, rule: object) -> Verdict:
    passage = case.passage
    place = next(iter(reversed(passage.places("access"))), None)
    line = at(passage.front.configuration, place)
    if line is None:
        return Verdict("access-not-granted", passage, case.ground.block, told=(_PACKAGED,))
    section = around(passage.front.configuration, line)
    is_own = section is not None and (
        section.name != "directory" or section.words[-1].rstrip("/").startswith(passage.root)
    )
    return Verdict("deny-rule" if is_own else "access-not-granted", passage, line, section)


def _other_server(case: Case) -> Verdict | None:
    for line, passage in case.ground.other_servers():
        if passage.delivers:
            taken = at(case.passage.front.configuration, next(iter(case.passage.places("server")), None))
            return Verdict("wrong-server", case.passage, taken, line)
    return None


def _stolen(case: Case) -> Verdict | None:
    if case.ground.is_for_prefix:
        return None
    winner = decisive(case.passage, _WINNERS)
    if winner is None:
        return None
    meant = next((line for line, path in case.ground.prefixes() if case.passage.visit.target.startswith(path)), None)
    return Verdict("route-stolen", case.passage, winner, meant)


def _peculiar(case: Case) -> Verdict | None:
    cause = case.ground.peculiar
    return Verdict(cause, case.passage, case.ground.block, case.ground.ground) if cause else None


def _by_path(case: Case) -> Verdict | None:
    """Slashes, a prefix twice, a relative path."""
    if case.is_handed_on or not case.passage.looked or case.shape == SAME:
        return None
    lines = (case.ground.block, case.ground.ground)
    if case.shape == GLUED or case.ground.glues:
        return Verdict("alias-slash", case.passage, *lines)
    if case.ground.is_relative:
        return Verdict("relative-path", case.passage, *lines)
    return Verdict("prefix-doubled", case.passage, *lines) if case.shape == DOUBLED and not _is_named(case) else None


def _is_named(case: Case) -> bool:
    """Whether the line names the whole directory that is looked into, and the server puts nothing before it."""
    ground, folder = case.ground.ground, directory(case.passage.looked, case.passage.sample.name)
    return ground is not None and ground.words[-1:] != () and ground.words[-1].rstrip("/") == folder != ""


def _unreadable(case: Case) -> Verdict | None:
    if case.is_handed_on or case.shape != SAME:
        return None
    entry = case.passage.front.files.look(case.passage.due)
    if _is_unfollowed(case):
        return Verdict("symlink-broken", case.passage, case.ground.block, told=(entry.reason,) if entry.reason else ())
    return rights.verdict(case.passage)


def _by_link(case: Case) -> Verdict | None:
    """A link above the file is not followed, leads to nothing, or into a closed directory."""
    passage = case.passage
    if case.is_handed_on or not passage.looked or case.shape == SAME or not passage.is_ours:
        return None
    if byways.followed(passage):
        return rights.verdict(passage) or Verdict("symlink-broken", passage, case.ground.block, case.ground.ground)
    return (
        Verdict("symlink-broken", passage, case.ground.block, case.ground.ground) if byways.dangling(passage) else None
    )


def _is_unfollowed(case: Case) -> bool:
    """Whether the front refuses a link that its worker could follow."""
    found, links = case.passage, case.passage.front.files.links(case.passage.due)
    return bool(links) and found.front.files.look(found.due).readable and (found.road.outcome.status or 0) >= 400


def _other_prefix(case: Case) -> Verdict | None:
    if case.ground.is_for_prefix:
        return None
    name, prefix = case.passage.sample.name, case.passage.sample.prefix
    for line, path in case.ground.prefixes():
        if path != prefix and case.passage.asking(quote(f"{path.rstrip('/')}/{name}")).delivers:
            cause = "script-name" if _is_script(case, path, prefix) else "url-prefix-mismatch"
            return Verdict(cause, case.passage, line)
    return None


def _is_script(case: Case, path: str, prefix: str) -> bool:
    """Whether the two differ by a path that the whole site is below."""
    shorter, longer = sorted((f"/{path.strip('/')}", f"/{prefix.strip('/')}"), key=len)
    more = longer.removesuffix(shorter).strip("/") if longer.endswith(shorter) else ""
    script = str(case.facts.settings.get("FORCE_SCRIPT_NAME") or "").strip("/")
    mounted = {path.strip("/") for path, _ in mounts(case.passage.front)}
    return bool(more) and (
        more == script or more in mounted or any(other.strip("/") == more for _, other in case.ground.prefixes())
    )


def _fallback(case: Case) -> Verdict | None:
    if not case.is_html or case.ground.is_for_prefix:
        return None
    return Verdict("fallback-html", case.passage, case.ground.block)


def _no_route(case: Case) -> Verdict | None:
    if (case.ground.is_for_prefix and not case.is_handed_on) or _may_be_included(case):
        return None
    is_media = case.passage.sample.kind == "media"
    fronted = [each for each in passages(case.facts, "static") if each.delivers] if is_media else []
    is_left = case.is_handed_on and (bool(case.facts.process.answers) or not fronted)
    cause = "media-not-served" if is_media and is_left else "no-route"
    return Verdict(cause, case.passage, case.ground.block)


def _may_be_included(case: Case) -> bool:
    """Whether a file that was not read may hold the route: one whose name is not of something else."""
    problems = case.passage.front.configuration.problems
    unread = (found[1] for each in problems if (found := _UNREAD.match(each.message)))
    return any(not _NO_ROUTES.search(basename(path)) for path in unread)


def _elsewhere(case: Case) -> Verdict | None:
    """The location is right and leads to another directory, which is one of this machine."""
    looked = case.passage.looked
    if case.is_handed_on or not looked or case.shape == SAME or not case.passage.is_ours:
        return None
    folder = directory(looked, case.passage.sample.name) or looked
    if _may_be_elsewhere(case, folder):
        return None
    return Verdict("wrong-directory", case.passage, case.ground.block, case.ground.ground)


def _may_be_elsewhere(case: Case, folder: str) -> bool:
    """Whether the front's directory may be that of another machine or of a container, as the same one here."""
    files = case.passage.front.files
    if files.look(folder).exists or case.passage.front.paths.pairs:
        return False
    same_end = basename(folder) == basename(case.passage.root)
    is_collected = files.look(case.passage.due).exists
    return relation.is_of_container(case.facts, folder) or (same_end and not is_collected)


def _by_proxy(case: Case) -> Verdict | None:
    """The application has such files, and is asked for another path."""
    passage = case.passage
    sent = sent_target(passage.visit, passage.road.outcome)
    if not case.facts.process.answers or passage.sample.kind == "media" or sent == passage.visit.target:
        return None
    return Verdict("proxy-prefix", passage, case.ground.hands_on, told=(f"the application is asked for {sent}",))


_LOOKS: tuple[Callable[[Case], Verdict | None], ...] = (
    *(
        _not_loaded,
        _other_server,
        _refused,
        _stolen,
        _peculiar,
        _by_path,
        _unreadable,
        _by_link,
        _other_prefix,
        _fallback,
    ),
    *(_no_route, _elsewhere),
)
