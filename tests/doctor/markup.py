"""A page read strictly: every element is closed where it has to be, no attribute comes twice, ids are unique."""

from collections.abc import Iterator
from html.parser import HTMLParser

INLINE = frozenset({"wbr", "a", "b", "i", "code"})  # where no word ends
VOID = frozenset({"meta", "link", "wbr", "br", "hr", "img"})
ALONE = frozenset({"html"})  # whose start tag may be without its end
BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "dl", "ul", "ol", "pre", "article", "section", "details", "header"})
PHRASING = frozenset({"p", "h1", "h2", "h3", "h4", "summary", "b", "i", "a", "ins", "del", "span", "code"})  # no blocks
INSIDE = {"li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}, "summary": {"details"}}


class Markup(HTMLParser):
    """`complaints` about the form; `text` of the body; `tags` with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.complaints: list[str] = []
        self.feed(page)
        self.close()
        self.complaints += [f"<{tag}> is never closed" for tag in self.stack]
        self.complaints += list(self._references())

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [] if tag in INLINE else [" "]
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.complaints.append(f"<{tag}> has an attribute twice")
        above = self.stack[-1] if self.stack else ""
        if tag in INSIDE and above not in INSIDE[tag]:
            self.complaints.append(f"<{tag}> in <{above}>")
        if tag in BLOCKS and PHRASING & set(self.stack):
            self.complaints.append(f"<{tag}> in {self.stack}")
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID | ALONE:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ALONE:
            return
        if not self.stack or self.stack.pop() != tag:
            self.complaints.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if "style" not in self.stack:
            self.words.append(data)

    def _references(self) -> Iterator[str]:
        ids = [attributes["id"] for _, attributes in self.tags if "id" in attributes]
        if len(set(ids)) < len(ids):
            yield f"ids twice: {ids}"
        for _, attributes in self.tags:
            target = attributes.get("href", "")
            if target.startswith("#") and target[1:] not in ids:
                yield f"nothing is called {target}"
