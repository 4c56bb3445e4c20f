"""What a page of HTML makes a browser ask for (WHATWG HTML §4)."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import urljoin

from .referred import absolute, referred
from .seen import Wanted

Attributes = Mapping[str, str]

_RELATIONS = {
    "stylesheet": "style",
    "icon": "icon",
    "apple-touch-icon": "icon",
    "mask-icon": "icon",
    "manifest": "manifest",
    "modulepreload": "module",
}
_AS = {"script": "script", "style": "style", "font": "font", "image": "image", "video": "media", "audio": "media"}
_SOURCES = {
    "img": ("src", "image"),
    "input": ("src", "image"),
    "embed": ("src", "other"),
    "object": ("data", "other"),
    "video": ("src", "media"),
    "audio": ("src", "media"),
    "track": ("src", "media"),
    "source": ("src", "media"),
    "image": ("href", "image"),
    "use": ("href", "image"),
    "feimage": ("href", "image"),
}
_SCRIPTS = re.compile(r"(?:(?:text|application)/(?:x-)?(?:java|ecma)script(?:1\.[0-5])?|text/(?:jscript|livescript))?")
_UNSEEN = frozenset({"template", "noscript"})  # of a browser that runs scripts
_CANDIDATE = re.compile(r"[\s,]*(?P<url>[^\s,]\S*)(?P<rest>[^,(]*(?:\([^)]*\)[^,(]*)*)")
_UPGRADES = "upgrade-insecure-requests"


def wanted_by(text: str, url: str, policy: str = "") -> list[Wanted]:
    """In the order of the page, which came from `url` with the Content-Security-Policy `policy`."""
    parser = _Page(url)
    parser.feed(text)
    parser.close()
    upgrades = _UPGRADES in policy.lower() or parser.upgrades
    return [_upgraded(each) if upgrades else each for each in parser.found]


def candidates(srcset: str) -> Iterator[str]:
    """The URLs of a `srcset` (WHATWG HTML §4.8.4.4)."""
    position = 0
    while found := _CANDIDATE.match(srcset, position):
        written = found["url"]
        yield written.rstrip(",")
        position = found.end("url") if written.endswith(",") else found.end()


def _upgraded(wanted: Wanted) -> Wanted:
    return replace(wanted, url=re.sub(r"^http:", "https:", wanted.url))


class _Page(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Wanted] = []
        self.upgrades = False
        self._url = self._base = url
        self._has_base = False
        self._unseen: list[str] = []
        self._inside, self._text, self._from = "", "", 0  # of a script or a style sheet in the page itself

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}  # the first of a name counts
        if tag in _UNSEEN:
            self._unseen.append(tag)
        if self._unseen:
            return
        if tag == "base" and given.get("href") and not self._has_base:
            self._base, self._has_base = urljoin(self._url, given["href"].strip()), True
        elif tag == "meta":
            policy = given.get("http-equiv", "").lower() == "content-security-policy"
            self.upgrades = self.upgrades or (policy and _UPGRADES in given.get("content", "").lower())
        elif tag == "link":
            self._link(given)
        elif tag == "script":
            self._script(given)
        elif tag == "style":
            self._begin("style")
        elif tag in _SOURCES:
            self._source(tag, given)
        if style := given.get("style"):
            self._sheet(style, self.getpos()[0])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()
        if self._inside and tag in ("script", "style"):
            ended, self._inside = self._inside, ""
            _ENDS[ended](self, self._text, self._from)

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text += data

    def _begin(self, what: str) -> None:
        self._inside, self._text, self._from = what, "", self.getpos()[0]

    def _want(self, written: str, kind: str, given: Attributes, line: int = 0, cors: str = "") -> None:
        url = absolute(self._base, written) if written.strip() else ""
        if url:
            asked = cors or _cors(given)
            place = line or self.getpos()[0]
            self.found.append(Wanted(url, kind, self._url, place, asked, self._url, given.get("integrity", "")))

    def _link(self, given: Attributes) -> None:
        relations, href = given.get("rel", "").lower().split(), given.get("href", "")
        kind = next((kind for name, kind in _RELATIONS.items() if name in relations), "")
        if "preload" in relations:
            kind = _AS.get(given.get("as", "").lower(), "")
            for each in candidates(given.get("imagesrcset", "")):
                self._want(each, "image", given)
        if kind and "disabled" not in given:
            self._want(href, kind, given, cors="anonymous" if kind in ("module", "manifest") else "")

    def _script(self, given: Attributes) -> None:
        type_ = given.get("type", "").strip().lower()
        is_module = type_ == "module"
        if is_module or _SCRIPTS.fullmatch(type_):
            if "nomodule" in given and not is_module:
                return
            if given.get("src", "").strip():
                cors = _cors(given) or ("anonymous" if is_module else "")
                self._want(given["src"], "module" if is_module else "script", given, cors=cors)
            else:
                self._begin("script")
        elif type_ == "importmap":
            self._begin("importmap")

    def _source(self, tag: str, given: Attributes) -> None:
        name, kind = _SOURCES[tag]
        if tag == "input" and given.get("type", "").lower() != "image":
            return
        written = given.get(name, "") or given.get(f"xlink:{name}", "")
        if written and not written.startswith("#"):
            self._want(written, kind, given)
        if tag == "video":
            self._want(given.get("poster", ""), "image", {})
        for each in candidates(given.get("srcset", "")):
            self._want(each, "image", given)

    def _sheet(self, text: str, line: int) -> None:
        self._referred("page.css", text, line)

    def _program(self, text: str, line: int) -> None:
        self._referred("page.js", text, line)

    def _referred(self, name: str, text: str, line: int) -> None:
        data = text.encode("utf-8", "surrogatepass")
        for each in referred(name, data, self._base, self._url):
            self.found.append(replace(each, by=self._url, line=line + each.line - 1))

    def _import_map(self, text: str, line: int) -> None:
        try:
            imports = json.loads(text)["imports"]
            targets = [each for each in imports.values() if isinstance(each, str) and not each.endswith("/")]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return
        for each in dict.fromkeys(targets):
            self._want(each, "module", {}, line, "anonymous")


_ENDS = {"style": _Page._sheet, "script": _Page._program, "importmap": _Page._import_map}


def _cors(given: Attributes) -> str:
    if "crossorigin" not in given:
        return ""
    return "use-credentials" if given["crossorigin"].lower() == "use-credentials" else "anonymous"
