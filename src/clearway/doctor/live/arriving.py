"""Assets that arrive and do not work: type, encoding, length, other origins, other contents, lifetimes."""

import hashlib
import re
from base64 import b64encode
from urllib.parse import urlsplit

from clearway.doctor.answering import from_sources
from clearway.doctor.facts import optional
from clearway.doctor.finding import Level
from clearway.http.lifetime import lifetime
from clearway.http.media_types import media_type
from clearway.probing.answer import Answer
from clearway.probing.caches import evidence, is_kept

from .case import Case
from .content import codings, plain
from .hops import told
from .kinds import RUN, extension
from .seen import Seen, origin
from .verdict import Verdict

_SCRIPTS = frozenset(
    {
        *("text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript"),
        *("application/ecmascript", "text/x-javascript", "text/jscript"),
    }
)
# What does not work with another type (WHATWG HTML and Fetch; WebAssembly Web API §6), by what it is for.
_STRICT = {"style": frozenset({"text/css"}), "script": _SCRIPTS, "module": _SCRIPTS | {"application/json"}}
_STRICT_ENDINGS = {".svg": frozenset({"image/svg+xml"}), ".wasm": frozenset({"application/wasm"})}
_GZIP = b"\x1f\x8b"
_VERSION = re.compile(r"\d+\.\d+")  # in a name that changes with it
_DAY = 86_400
_DIGESTS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_STRENGTH = ("sha512", "sha384", "sha256")  # the strongest of those given counts


def empty(case: Case) -> Verdict | None:
    """200 and nothing: a server whose routes all passed by, such as Caddy's."""
    if case.answer.body or case.status != 200 or case.seen.wanted.kind == "map":
        return None
    alike = [each for each in case.absent() if each.answers[0].status == 200 and not each.answers[0].body]
    if alike:
        rows = (f"a name that is not there: GET {alike[0].url} → {told(alike[0].answers[0])}, 0 octets",)
        return Verdict("no-route", case.seen, ("0 octets", *rows), "the server has nothing for this path")
    if case.path and case.is_here and case.path.stat().st_size:
        sizes = ("0 octets", f"{case.path} has {case.path.stat().st_size:,}")
        return Verdict("wrong-directory", case.seen, sizes, "the server answers with another file")
    return None


def refused_type(case: Case) -> Verdict | None:
    """A media type with which browsers refuse the file."""
    if not _is_wrong(case.seen):
        return None
    rows = (f"{media_type(urlsplit(case.seen.wanted.url).path)} is due",)
    wrong = {extension(each.wanted.url) for each in case.own if _is_wrong(each)}
    right = {extension(each.wanted.url) for each in case.own if each.arrives and _due(each)} - wrong
    texts = {".css", ".js"}
    is_whole_table = bool(wrong & texts) and not right & texts
    return Verdict("mime-types-missing" if is_whole_table else "mime-extension-unmapped", case.seen, rows)


def _is_wrong(seen: Seen) -> bool:
    """Without a type, browsers look for themselves, unless it is a module or they are told not to."""
    due, answer = _due(seen), seen.answer
    if not due or answer is None or answer.status != 200:
        return False
    is_strict = seen.wanted.kind == "module" or answer.headers.get("x-content-type-options", "").lower() == "nosniff"
    return _type(answer) not in due and (bool(_type(answer)) or is_strict)


def _due(seen: Seen) -> frozenset[str]:
    return _STRICT.get(seen.wanted.kind) or _STRICT_ENDINGS.get(extension(seen.wanted.url), frozenset())


def _type(answer: Answer) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def misencoded(case: Case) -> Verdict | None:
    """Octets that are not what Content-Encoding says, or another content than without it."""
    answer, seen = case.answer, case.seen
    if answer.goes_on or answer.is_cut or case.status != 200:
        return None
    said = codings(answer)
    if not said:
        is_packed = case.is_text and answer.body.startswith(_GZIP)
        rows = ("the octets are gzip, and no Content-Encoding says so",)
        return Verdict("mime-extension-unmapped", seen, rows) if is_packed else None
    content = plain(answer)
    if content is None:
        return Verdict("stale-precompressed", seen, (f"the octets are not {said}, as Content-Encoding says",))
    whole = seen.identity
    if whole is None or whole.status != 200 or is_kept(whole) or is_kept(answer) or whole.goes_on:
        return None
    other = plain(whole)
    if other is None or other == content or not (_is_file(answer) and _is_file(whole)):
        return None
    rows = (f"in {said}: {len(content):,} octets once decoded; without: {len(other):,} octets, and other ones",)
    return Verdict("stale-precompressed", seen, rows)


def _is_file(answer: Answer) -> bool:
    """Whether it has a validator; what a view makes anew for each request may differ each time."""
    return bool({"etag", "last-modified"} & answer.headers.keys())


def another_content(case: Case) -> Verdict | None:
    """Not what the page demands, what the server behind a cache has, or what is collected on this machine."""
    content = plain(case.answer)
    if content is None or case.answer.goes_on or case.status != 200:
        return None
    if case.seen.wanted.integrity and not _is_demanded(case.seen.wanted.integrity, content):
        rows = (f'the page demands integrity="{case.seen.wanted.integrity.split()[0]}"',)
        return Verdict("mixed-release", case.seen, rows, "page and file are of different builds")
    return _older(case, content) or _of_other_file(case, content)


def _is_demanded(integrity: str, content: bytes) -> bool:
    """W3C Subresource Integrity §3.3; what is written in no form that is known demands nothing."""
    given = [row.partition("?")[0].partition("-")[::2] for row in integrity.split()]
    strongest = next((name for name in _STRENGTH if any(name == each for each, _ in given)), "")
    if not strongest:
        return True
    digest = b64encode(_DIGESTS[strongest](content).digest()).decode()
    return any(name == strongest and value == digest for name, value in given)


def _older(case: Case, content: bytes) -> Verdict | None:
    """A cache goes on with what the server no longer has, under a name that never changes."""
    fresh = case.seen.fresh
    if fresh is None or fresh.status != 200 or not is_kept(case.answer) or case.is_hashed:
        return None
    newer = plain(fresh)
    if newer is None or newer == content:
        return None
    rows = (f"{len(content):,} octets, {evidence(case.answer)}",
            f"with a query that no cache knows: {len(newer):,} octets, and other ones")  # fmt: skip
    return Verdict("cache-unhashed", case.seen, rows, "the cache has an older file of this name")


def _of_other_file(case: Case, content: bytes) -> Verdict | None:
    """Another file than the collected one of this machine, where it is this machine that answers."""
    path = case.path
    if path is None or not case.is_here or is_kept(case.answer) or not case.is_text or _is_elsewhere(case):
        return None
    try:
        own = path.read_bytes()
    except OSError:
        return None
    if own == content:
        return None
    rows = (f"{len(content):,} octets; {path} has {len(own):,}, and other ones",)
    if case.process and case.process.answers and case.by == "application":
        return Verdict(
            "scan-at-start", case.seen, rows, f"{case.process.answers} goes on with what it found at its start"
        )
    return Verdict("wrong-directory", case.seen, rows, "the server answers with another file")


def _is_elsewhere(case: Case) -> bool:
    """Whether what answers on this machine may have files of its own: runserver, or a container."""
    settings, tree = optional(lambda: case.facts.settings), optional(lambda: case.facts.tree)
    is_direct = bool(settings and settings["DEBUG"]) or (case.process is not None and bool(from_sources(case.facts)))
    return is_direct or any("docker" in name.lower() or "compose" in name for name in (tree.texts if tree else ()))


def long_lived(case: Case) -> Verdict | None:
    """A name that does not change, kept for more than a day."""
    seconds = lifetime(case.answer.headers)
    parts = urlsplit(case.seen.wanted.url)
    is_plain = case.is_text and not case.is_hashed and not parts.query and not _VERSION.search(parts.path)
    if case.status != 200 or not is_plain or seconds <= _DAY:
        return None
    said = ((name, case.answer.headers.get(name)) for name in ("cache-control", "expires"))
    rows = tuple(f"{name}: {value}" for name, value in said if value)
    return Verdict("cache-unhashed", case.seen, rows, "", Level.WARNING)


def blocked(seen: Seen) -> Verdict | None:
    """Asked for with CORS, and not allowed to the page (WHATWG Fetch §4.10); whoever's host it is on."""
    wanted, answer = seen.wanted, seen.answer
    if not wanted.cors or not wanted.is_foreign or answer is None or not seen.arrives:
        return None
    allowed = answer.all("access-control-allow-origin")
    page = origin(wanted.page)
    is_alone = len(allowed) == 1 and allowed[0].strip() in {page, "*"}
    if is_alone and wanted.cors != "use-credentials":
        return None
    said = ", ".join(allowed) or "not there"
    if is_alone and allowed[0].strip() == page and answer.headers.get("access-control-allow-credentials") == "true":
        return None
    return Verdict("cors-missing", seen, (f"asked with Origin: {page}; access-control-allow-origin is {said}",))


def in_clear(seen: Seen) -> Verdict | None:
    """http:// on a page that came by https://: blocked, or loaded by https if the browser can (W3C Mixed Content)."""
    wanted = seen.wanted
    if not (wanted.page.startswith("https:") and wanted.url.startswith("http:")) or wanted.kind == "map":
        return None
    level = Level.ERROR if wanted.kind in (*RUN, "font", "manifest") else Level.WARNING
    return Verdict("proto-header", seen, (f"{wanted.page} came by https",), "browsers refuse it there", level)
