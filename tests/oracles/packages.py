"""The long comparison: `python -m tests.oracles.packages [NAME…]` installs npm packages and compares their scripts.

Without names: those of packages.txt, in their newest versions. Exit code 1 when more than 1 % of the references differ,
2 when nothing could be compared.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.oracles import node
from tests.oracles.comparison import Tally, compare, scripts

NAMES = (node.HERE / "packages.txt").read_text(encoding="utf-8").split()


def main(names: list[str]) -> int:
    """Compare and report."""
    with TemporaryDirectory() as folder, node.running() as oracle:
        root = Path(folder, "packages")
        node.install(root, ["install", *names])
        modules = root / "node_modules"
        packages = [
            path.parent for pattern in ("*/package.json", "@*/*/package.json") for path in modules.glob(pattern)
        ]
        tally = compare(oracle, scripts(modules))
    report(tally, len(packages))
    return int(len(tally.differences) > tally.references / 100)


def report(tally: Tally, packages: int) -> None:
    """The numbers, then every difference."""
    print(f"packages {packages}, scripts {tally.files} ({tally.octets / 1e6:.0f} MB), unparsed {tally.unparsed}")
    print(f"references {tally.references}: " + ", ".join(f"{kind} {n}" for kind, n in tally.kinds.most_common()))
    print(f"differences from Acorn {len(tally.differences)}, from es-module-lexer {len(tally.lexer_differences)}")
    for line in [*tally.differences, *tally.lexer_differences]:
        print(f"  {line}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:] or NAMES))
    except node.NodeMissingError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
