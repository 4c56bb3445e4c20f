"""Media type, charset and content coding of a file by its extensions (mod_mime), and what overrules them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import groupby
from pathlib import Path

from clearway.fronts.files import Kind
from clearway.fronts.unknowable import Unknowable

from .request import Request
from .scope import Layer

_KINDS = {"addtype": "type", "addcharset": "charset", "addencoding": "encoding", "addhandler": "handler"}
_KINDS |= {"addlanguage": "language", "addoutputfilter": "filter", "addinputfilter": "filter"}
_KINDS |= {"removetype": "type"}  # adds an empty one, where the others take away when sections are merged
_REMOVED = {f"remove{kind}": kind for kind in ("charset", "encoding", "handler", "language")}
_OTHERS = ("removeoutputfilter", "removeinputfilter", "defaultlanguage", "multiviewsmatch", "modmimeusepathinfo")
_WALKS = {"directory": "directory", "directorymatch": "directory", "override": "directory"}
_WALKS |= {"files": "files", "filesmatch": "files", "location": "location", "locationmatch": "location"}
_USUAL = ("mime.types", "conf/mime.types", "/etc/mime.types")  # without TypesConfig
_DIRECTORY = "httpd/unix-directory"


def find(request: Request) -> None:
    """Set type, charset, codings and handler of the file that was found. Raises Unknowable."""
    if request.entry and request.entry.kind is Kind.DIRECTORY:
        request.type = _DIRECTORY
    elif request.has("mime"):
        _by_name(request)
    _forced(request)


def _by_name(request: Request) -> None:
    mapped = _mapped(request)
    charset = ""
    for extension in _extensions(request.filename.rpartition("/")[2]):
        rows = mapped.get(extension, {})
        forced = rows.get("type")
        found = _table(request).get(extension) if forced is None else forced
        request.type = found or request.type
        charset = rows.get("charset") or charset
        if rows.get("encoding"):
            request.encodings.append(rows["encoding"])
        if rows.get("language"):
            request.languages.append(rows["language"])
        if rows.get("handler") and not request.upstream:
            request.handler = rows["handler"]
    if charset and request.type:
        request.charset = charset


def _extensions(name: str) -> Iterator[str]:
    """In lower case; leading dots and the first part belong to the name."""
    yield from (part.lower() for part in name.lstrip(".").split(".")[1:] if part)


@dataclass(frozen=True)
class _Said:
    """Of extensions, what is added to each, and what a merge with something weaker removes."""

    added: dict[str, dict[str, str]]
    removed: tuple[tuple[str, str], ...] = ()


def _mapped(request: Request) -> dict[str, dict[str, str]]:
    """What the configuration says of extensions: each walk of httpd merges its own sections first."""
    server, *others = request.scope.layers
    walks = groupby(
        (layer for layer in others if layer.has(*_KINDS, *_REMOVED, *_OTHERS)), lambda layer: _WALKS.get(layer.kind)
    )
    walked = (reduce(_merged, map(_said, layers)) for _, layers in walks)
    return reduce(_merged, walked, _said(server)).added


def _said(layer: Layer) -> _Said:
    added: dict[str, dict[str, str]] = {}
    removed: list[tuple[str, str]] = []
    for each in layer.directives:
        if each.name in _REMOVED:
            removed += [(_extension(word), _REMOVED[each.name]) for word in each.words]
        elif each.name in _KINDS:
            kind = _KINDS[each.name]
            given, *words = ("", *each.words) if each.name == "removetype" else each.words
            for word in words:
                added.setdefault(_extension(word), {})[kind] = given if kind == "type" else given.lower()
    return _Said(added, tuple(removed))


def _extension(word: str) -> str:
    return word.lower().lstrip(".")


def _merged(weaker: _Said, stronger: _Said) -> _Said:
    """The removals of both are forgotten with it (merge_mime_dir_configs)."""
    extensions = weaker.added | stronger.added
    added = {each: weaker.added.get(each, {}) | stronger.added.get(each, {}) for each in extensions}
    for extension, kind in stronger.removed:
        added.get(extension, {}).pop(kind, None)
    return _Said(added)


def _table(request: Request) -> dict[str, str]:
    written = request.of_server("typesconfig")
    for name in written[:1] if written else _USUAL:
        path = request.configuration.paths.here(request.configuration.full(name))
        try:
            return _read(path, Path(path).stat().st_mtime_ns)
        except OSError:
            continue
    raise Unknowable("The table of types that TypesConfig names cannot be read.")


@lru_cache(maxsize=8)
def _read(path: str, _: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in Path(path).read_text("utf-8", "replace").splitlines():
        words = line.split()
        if words and not line.startswith("#"):
            found |= {extension.lower(): words[0] for extension in words[1:]}
    return found


def _forced(request: Request) -> None:
    forced = request.scope.last("forcetype")
    if forced and forced.words[0].lower() != "none":
        request.type, request.charset = forced.words[0], ""
        request.step("type", f"ForceType {forced.words[0]}", forced)
    handler = request.scope.last("sethandler")
    if handler and not request.upstream and handler.words:
        request.handler = "" if handler.words[0].lower() == "none" else handler.words[0]


def media(request: Request) -> str | None:
    """Content-Type with its charset (ap_make_content_type)."""
    found = request.type
    if not found:
        return None
    if request.charset:
        return f"{found}; charset={request.charset}" if "charset=" not in found else found
    default = request.scope.last("adddefaultcharset")
    word = default.words[0] if default and default.words else "off"
    if word.lower() == "off" or "charset=" in found:
        return found
    kind = found.partition(";")[0].strip().lower()
    return (
        f"{found}; charset={'iso-8859-1' if word.lower() == 'on' else word}"
        if kind in {"text/html", "text/plain"}
        else found
    )
