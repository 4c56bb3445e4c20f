"""What is hard about references, through the whole of `collectstatic`, Django's command and ours.

In a row, `⟦b.png⟧` stands for a URL that is rewritten, and `⟦a%20b.png|a b.png⟧` for one that is not spelled as the
name of its file. All other octets of the file must stay.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.staticfiles.management.commands.collectstatic import Command as DjangosCommand
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from clearway.management.commands.collectstatic import Command

MARK = re.compile(r"⟦([^|⟧]*)\|?([^⟧]*)⟧")
OTHERS = ["x.png", "a b.png", "a(1).png", 'a"b.png', "a#b.png", "u\u0308.png", "x.css", "x.js", "x.json", "app.map"]

ROWS: dict[str, dict[str, str]] = {
    # style sheets
    "comment and string": {"a.css": "/* url(no.png) */a{b:'url(no.png)';c:url(⟦x.png⟧)}"},
    "white space inside": {"a.css": 'a{b:url( "⟦x.png⟧" )}'},
    "round brackets": {"a.css": 'a{b:url("⟦a(1).png⟧")}'},
    "escapes": {"a.css": r"a{b:url(⟦a\ b.png|a b.png⟧);c:url(⟦a\(1\).png|a(1).png⟧)}"},
    "query of a file with references": {"a.css": '@import "⟦b.css⟧?v=2";', "b.css": "a{b:url(⟦x.png⟧?#iefix)}"},
    "scheme in capitals": {"a.css": "a{b:url(DATA:image/png;base64,AA);c:url(HTTP://a/b.png)}"},
    "image-set": {"a.css": r'a{b:image-set("⟦x.png⟧" 1x, url(⟦a\(1\).png|a(1).png⟧) 2x)}'},
    "percent-encoded": {"a.css": "a{b:url(⟦a%23b.png|a#b.png⟧)}"},
    "quote in a name": {"a.css": "a{b:url('⟦a\"b.png⟧')}"},
    "not UTF-8": {"a.css": "/* \udce9 */a{b:url(⟦x.png⟧)}"},
    "composed reference, decomposed name": {"a.css": "a{b:url(⟦\u00fc.png|u\u0308.png⟧)}"},
    "capital extension": {"A.CSS": "a{b:url(⟦x.png⟧)}", "a.css": "@import '⟦A.CSS⟧';"},
    "byte order mark and CRLF": {"a.css": "\ufeff@import '⟦x.css⟧';\r\na{b:url(⟦x.png⟧)}\r\n"},
    "source map": {"a.css": "a{}\n/*# sourceMappingURL=⟦app.map⟧ */"},
    # graphs
    "cycle": {"a.css": "@import '⟦b.css⟧';", "b.css": "@import '⟦a.css⟧';", "c.css": "@import '⟦c.css⟧';"},
    "cycle of modules": {"a.js": "import '⟦./b.js|b.js⟧'", "b.js": "export * from '⟦./a.js|a.js⟧'"},
    "chain": {f"{'d/' * n}{n}.css": f"@import '⟦../{n - 1}.css|{'d/' * (n - 1)}{n - 1}.css⟧';" for n in range(1, 9)}
    | {"0.css": "a{b:url(⟦x.png⟧)}"},
    # scripts
    "legacy source map": {"a.js": "let a\n//@ sourceMappingURL=⟦app.map⟧"},
    "no semicolon": {"a.js": 'import a from "⟦./x.js|x.js⟧"\nlet b'},
    "attributes": {"a.js": 'import a from "⟦./x.json|x.json⟧" with {type:"json"}'},
    "minified": {"a.js": 'export*from"⟦./x.js|x.js⟧";import{a}from"⟦./b.js|b.js⟧"', "b.js": ""},
    "dynamic import": {"a.js": "import('⟦./x.js|x.js⟧', {});import(`⟦./x.js|x.js⟧`);import( '⟦./x.js|x.js⟧' )"},
    "bare specifiers": {"a.js": "import('lodash');import 'lodash';import '#own'"},
    "other functions": {"a.js": "reimport('./no.js');a.import('./no.js')"},
    "regular expression with quotes": {"a.js": "a = /'/.test(b);import('⟦./x.js|x.js⟧');c = /[\"/]/"},
    "comment and string of a script": {"a.js": "// import './no.js'\nlet a = \"import './no.js'\"; `import './no.js'`"},
    "beside import.meta.url": {"a.js": "new Worker(new URL('⟦x.js⟧', import.meta.url));new URL('no.png', a)"},
    "module extension": {"a.mjs": "import '⟦./b.mjs|b.mjs⟧'", "b.mjs": "export default 1"},
    "what depends on who runs it": {"a.js": "importScripts('no.js');new Worker('no.js');precache(['x.png']);a='x.png'"},
    # other texts
    "SVG": {"a.svg": "<svg><image href='⟦x.png⟧'/><a href='no.html'/><rect fill='url(#a)'/></svg>"},
    "web manifest": {"a.webmanifest": '{"icons":[{"src":"⟦x.png⟧"}],"start_url":"no.html"}'},
    "left as they are": {
        "a.html": '<img src=\'x.png\'><script type=importmap>{"imports":{"a":"./x.js"}}</script>',
        "a.json": '{"src":"x.png"}',
        "a.map": '{"version":3,"file":"x.js","sources":["x.js","no.ts"]}',
    },
}


class Site:
    """All rows, each in a folder of its own, and what a command made of them."""

    def __init__(self, folder: Path) -> None:
        self.sources, self.root = folder / "sources", folder / "static"

    def write(self, row: str, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.sources / row / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(MARK.sub(r"\1", text).encode("utf-8", "surrogateescape"))

    def collect(self, command: DjangosCommand, **options: bool) -> None:
        call_command(command, interactive=False, verbosity=0, stderr=StringIO(), **options)

    def names(self) -> dict[str, str]:
        manifest: dict[str, str] = json.loads((self.root / "staticfiles.json").read_bytes())["paths"]
        return manifest


@contextmanager
def project(folder: Path) -> Iterator[Site]:
    site = Site(folder)
    with override_settings(
        STATIC_ROOT=str(site.root),
        STATICFILES_DIRS=[str(site.sources)],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}},
        CLEARWAY={"encodings": [], "cache": None},
    ):
        yield site


@pytest.fixture(scope="module", params=[DjangosCommand, Command])
def collected(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with project(tmp_path_factory.mktemp("site")) as site:
        for row, files in ROWS.items():
            site.write(row, dict.fromkeys(OTHERS, "") | files)
        site.collect(request.param())
        yield site


@pytest.mark.parametrize("row", ROWS)
def test_exactly_the_urls_of_references_change(collected: Site, row: str) -> None:
    names = collected.names()

    def published(mark: re.Match[str]) -> str:
        place, _, base = mark[1].rpartition("/")
        name = names[f"{row}/{mark[2] or mark[1]}"].rpartition("/")[2]
        return f"{place}/{quote(name, '')}" if base != mark[1] else quote(name, "")

    for name, text in ROWS[row].items():
        expected = MARK.sub(published, text).encode("utf-8", "surrogateescape")
        assert (collected.root / names[f"{row}/{name}"]).read_bytes() == expected


@pytest.mark.parametrize("command", [DjangosCommand, Command])
@pytest.mark.parametrize("clear", [False, True])
def test_a_build_that_fails_leaves_the_release_before_it_whole(
    tmp_path: Path, command: type[DjangosCommand], clear: bool
) -> None:
    with project(tmp_path) as site:
        site.write(".", {"a.css": "a{b:url(x.png)}", "x.png": ""})
        site.collect(command())
        before = {path: path.read_bytes() for path in site.root.rglob("*") if path.is_file()}
        site.write(".", {"a.css": "a{b:url(gone.png)}"})
        with pytest.raises((CommandError, ValueError), match="CW201 missing-reference"):
            site.collect(command(), clear=clear)
        after = {path: path.read_bytes() for path in site.root.rglob("*") if path.is_file()}
        kept = {path for path in before if path != site.root / "a.css"}
        assert {path: after.get(path) for path in kept} == {path: before[path] for path in kept}
        assert after[site.root / site.names()["a.css"]]
