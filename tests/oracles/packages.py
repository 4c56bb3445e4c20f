"""The long comparison: `python -m tests.oracles.packages [NAME | FOLDER …]`.

Installs packages in their newest versions, from npm those of packages.txt and from PyPI those of pypi.txt, and holds
every script against Acorn, every style sheet against tinycss2 and every SVG against expat. With names: these npm
packages only; with folders (which have a `/` in them): what lies there already. Exit code 1 when more than 1 % of the
references differ, 2 when nothing could be compared.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.oracles import node
from tests.oracles.comparison import SCRIPTS, Tally, compare_drawings, compare_scripts, compare_sheets, files

NPM = (node.HERE / "packages.txt").read_text(encoding="utf-8").split()
PYPI = (node.HERE / "pypi.txt").read_text(encoding="utf-8").split()


def main(words: Sequence[str]) -> int:
    """Compare and report."""
    names = [word for word in words if "/" not in word or word.startswith("@")]
    with installed(names, [Path(word) for word in words if word not in names]) as roots, node.running() as oracle:
        print(f"packages: {sum(map(packages, roots))}")
        tallies = {
            "scripts, against Acorn": compare_scripts(oracle, below(roots, SCRIPTS)),
            "style sheets, against tinycss2": compare_sheets(below(roots, {".css"})),
            "SVG, against expat": compare_drawings(below(roots, {".svg"})),
        }
    for what, tally in tallies.items():
        print("\n".join(report(what, tally)))
    return int(any(len(tally.differences) > tally.references / 100 for tally in tallies.values()))


def below(roots: Sequence[Path], extensions: set[str]) -> list[Path]:
    """The files of all roots that have one of these extensions."""
    return [path for root in roots for path in files(root, extensions)]


@contextmanager
def installed(names: Sequence[str], folders: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """The folders, or new ones with the packages."""
    if folders:
        yield folders
        return
    with TemporaryDirectory() as made:
        root = Path(made, "npm")
        node.install(root, ["install", *(names or NPM)])
        if not names:
            pip(Path(made, "pypi"))
        yield [root / "node_modules", *([] if names else [Path(made, "pypi")])]


def pip(target: Path) -> None:
    """The packages of pypi.txt without what they need, as wheels."""
    words = ["install", "--quiet", "--no-deps", "--no-compile", "--only-binary", ":all:", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", *words, *PYPI], check=True)


def packages(root: Path) -> int:
    """How many packages lie in a folder."""
    return sum(len(list(root.glob(each))) for each in ("*/package.json", "@*/*/package.json", "*.dist-info"))


def report(what: str, tally: Tally) -> Iterator[str]:
    """The numbers, then every difference."""
    kinds = ", ".join(f"{kind} {count}" for kind, count in tally.kinds.most_common())
    yield f"{what}: {tally.files} files ({tally.octets / 1e6:.0f} MB), unparsed {tally.unparsed}"
    yield f"  references {tally.references} ({kinds}), differences {len(tally.differences)}"
    yield from (f"  {line}" for line in tally.differences)
    if what.startswith("scripts"):
        yield f"  imports, against es-module-lexer: differences {len(tally.lexer_differences)}"
        yield from (f"  {line}" for line in tally.lexer_differences)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (node.NodeMissingError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
