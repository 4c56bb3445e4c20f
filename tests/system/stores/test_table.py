"""The table in the documentation says what the suite asks for."""

from tests.system.documents import REPOSITORY
from tests.system.stores.stands import KINDS, Kind

PAGE = REPOSITORY / "docs" / "reference" / "stores.md"


def row(kind: Kind) -> str:
    broken = "no, 501" if kind.refuses else "no, overwritten"
    swaps = "yes" if kind.quotes_etags else "yes, tags without quotes"
    secret = "refused" if kind.signs else "accepted" if kind.is_bucket else "–"
    page = f", in pages of {kind.page}" if kind.many > kind.page and kind.is_bucket else ""
    cells = [
        kind.name,
        "yes" if kind.creates_only else broken,
        swaps if kind.swaps else broken,
        secret,
        f"{kind.many}{page}",
    ]
    return f"| {' | '.join(cells)} |"


def test_the_table_is_true() -> None:
    written = PAGE.read_text(encoding="utf-8").split("\n\n")[2].splitlines()
    assert written[2:] == [row(kind) for kind in KINDS.values()]


def test_every_store_says_what_it_proves() -> None:
    proofs = PAGE.read_text(encoding="utf-8").partition("## What each proves")[2]
    assert all(f"| {kind.name} |" in proofs for kind in KINDS.values())
