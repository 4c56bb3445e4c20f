"""References in JavaScript against Acorn, on generated modules and on real ones."""

from collections.abc import Iterator
from pathlib import Path

import django.contrib.admin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles import node
from tests.oracles.comparison import SCRIPTS, compare_scripts, files, ours

ADMIN = Path(django.contrib.admin.__file__).parent / "static"


@pytest.fixture(scope="module")
def oracle() -> Iterator[node.Oracle]:
    try:
        node.packages()
    except node.NodeMissingError as error:
        pytest.skip(str(error))
    with node.running() as oracle:
        yield oracle


# --- generated modules: statements with references, between statements that make them hard to find

gaps = st.sampled_from(["", "", " ", "\n", "/* ' */", '// "\n', "\u00a0", "\r\n", "/*/ from */"])
spaces = st.sampled_from([" ", "\n", "/**/", "\t", "\u2003", "// `\n"])
urls = st.sampled_from(
    ["./x.js", "../y/z.js", "/a.js", "lodash", "./é.js", "./a'b.js", "./\\x41.js", "./from", "https://a/b.js"]
)
names = st.sampled_from(
    ["a", "$", "from", "as", "défaut", "𠮷", "_import", "defer", "source", "\\u0061b", "async", "of"]
)
members = st.sampled_from(["a", "b as c", "default as d", "import as e", "'s t' as f", "if as g", "a,", "a, b as c"])
exported = st.sampled_from(["a", "a as import", "default", "'s' as 't'", "a as default, b"])
operands = st.sampled_from(
    ["a", "1", "a.if", "b()", "c[0]", "(d)", "'e'", "`f`", "{}.g", "this", "h++", "/i/.j", "`${k}`"]
)
regexes = st.sampled_from(["/'/", '/"/g', "/[/`]/", r"/\//", "/a/", "/[']\\/`/i", "/import('.')/"])
attributes = st.sampled_from(["", ' with {type: "json"}', "with{}"])
ends = st.sampled_from([";", "\n", ";\n"])


@st.composite
def quoted(draw: st.DrawFn, quotes: str = "\"'") -> str:
    quote = draw(st.sampled_from(quotes))
    return quote + draw(urls).replace(quote, "\\" + quote) + quote


@st.composite
def from_clauses(draw: st.DrawFn) -> str:
    gap = lambda: draw(gaps)  # noqa: E731
    clause = draw(
        st.one_of(
            st.builds("{{{}}}".format, members),
            st.builds("*{}as{}{}".format, gaps, spaces, names),
            st.builds("{},{{{}}}".format, names, members),
            names,
        )
    )
    before = draw(spaces) if clause[0] not in "{*" else gap()
    after = gap() if clause[-1] == "}" else draw(spaces)
    return f"import{before}{clause}{after}from{gap()}{draw(quoted())}{draw(attributes)}"


@st.composite
def re_exports(draw: st.DrawFn) -> str:
    gap = lambda: draw(gaps)  # noqa: E731
    what = draw(st.sampled_from(["*", "*as{}import "]) | st.builds("{{{}}}".format, exported))
    return f"export{gap()}{what.replace('{}', draw(spaces))}{gap()}from{gap()}{draw(quoted())}"


@st.composite
def calls(draw: st.DrawFn) -> str:
    before, after = draw(
        st.sampled_from(
            [
                ("import(", ")"),
                ("import(", ",{})"),
                ("import(", "+a)"),
                ("a.import(", ")"),
                ("new URL(", ",import.meta.url)"),
                ("new/**/URL (", ", import . meta . url , )"),
                ("new URL(", ",a)"),
                ("import.meta.resolve(", ")"),
                ("reimport(", ")"),
                ("new Worker(new URL(", ",import.meta.url),{})"),
            ]
        )
    )
    return f"{before}{draw(gaps)}{draw(quoted(chr(34) + chr(39) + '`'))}{draw(gaps)}{after}"


values = st.one_of(
    operands,
    regexes,
    calls(),
    st.builds("{} / {}".format, operands, operands),
    st.builds("{}/{}/{}".format, operands, operands, operands),
    st.builds("a ? {} : {}".format, regexes, operands),
    st.builds("[{}, {}]".format, regexes, calls()),
    st.builds("`${{{}}}'${{{}}}`".format, calls(), regexes),
    st.builds("({}, {{a: {}}})".format, regexes, calls()),
    st.builds("() => {{ return {} }}".format, regexes),
    st.builds("async () => await {}".format, calls()),
)
statements = st.one_of(
    from_clauses(),
    re_exports(),
    st.builds("import{}{}".format, gaps, quoted()),
    st.builds("x = {}".format, values),
    st.builds("if ({}) {}.test(a)".format, values, regexes),
    st.builds("while ({}) {{}} {}.test(b)".format, operands, regexes),
    st.builds("{{ {} }} {}".format, calls(), regexes),
    st.builds("function* f{}() {{ yield {} }}".format, st.integers(0, 10**9), values),
    st.builds("// {}\n".format, quoted()),
    st.builds("/* import {} */".format, quoted()),
    st.builds("for (const a of {}) {}".format, values, calls()),
)
modules = st.lists(st.tuples(statements, ends), max_size=8).map(lambda rows: "".join(map("".join, rows)))
maps = st.sampled_from(
    ["", "//# sourceMappingURL=a.map", "//@ sourceMappingURL=a.map\n", "/*# sourceMappingURL=a.map */ a"]
)


@settings(max_examples=300)
@given(modules, maps)
def test_what_is_found_in_a_generated_module_is_what_acorn_finds(oracle: node.Oracle, module: str, last: str) -> None:
    source = f"{module}\n{last}"
    found = oracle.ask(source=source).acorn
    if found is not None:
        assert ours(source.encode()) == found


def test_most_generated_modules_are_modules(oracle: node.Oracle) -> None:
    """Else the test above would show little."""
    seen: list[bool] = []

    @settings(max_examples=60, database=None)
    @given(modules)
    def ask(module: str) -> None:
        seen.append(oracle.ask(source=module).acorn is not None)

    ask()
    assert sum(seen) > len(seen) / 3


# --- real scripts


def test_scripts_of_the_admin(oracle: node.Oracle) -> None:
    tally = compare_scripts(oracle, files(ADMIN, SCRIPTS))
    assert tally.files > 60
    assert tally.differences == []


def test_scripts_of_packages(oracle: node.Oracle) -> None:
    tally = compare_scripts(oracle, files(node.packages() / "node_modules", SCRIPTS))
    assert (tally.files > 400, tally.references > 300, tally.unparsed) == (True, True, 0)
    assert tally.differences == []
