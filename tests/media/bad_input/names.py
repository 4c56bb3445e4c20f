"""Names that somebody sends with a file, or asks for one by, as text; each means harm on some system.

Sources: the advisories of Django, Werkzeug, aiohttp, Starlette, Litestar, Sanic, Pyramid and Tornado on paths and file
names since 2020, Windows' rules for file names, Unicode Standard Annexes 9 and 15.
"""

from collections.abc import Callable, Iterator
from itertools import product
from urllib.parse import unquote

from tests.bad_input.cases import CLIMBS, SLASHES
from tests.bad_input.site import FORGED

TARGET = "canary.txt"
DEVICES = (
    "CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "COM0", "COM\u00b9", "LPT\u00b2", "com\u00b3", "CONIN$", "conout$",
    "CLOCK$", "nul", "Con", "\uff23\uff2f\uff2e", "C\u200dON", "N\u00adUL", "CO\u0000N", "\u202eLUN",
)  # fmt: skip
ENDS = ("", ".", " ", ". .", ".txt", ".tar.gz", " .txt", ":", ":x", "::$DATA", "\u00a0", "\u3000", "...", "/", "\\")
OURS = (
    ".clearway-quarantine", ".clearway-quarantine/files/x.txt", ".clearway-quarantine/notes/x.txt.json",
    ".clearway-0123456789abcdef.tmp", ".clearway-0123456789abcdef.tmp/x", ".clearway/current", ".CLEARWAY-quarantine/x",
    "\u200b.clearway-quarantine/files/x.txt", ".\u200bclearway-quarantine/x", " .clearway-quarantine/x",
    "_/../.clearway-quarantine/x", "a/.clearway-quarantine/files/x.txt", ".clearway\u2010quarantine/x",
)  # fmt: skip
EXPANDING = ("\ufdfa", "\u0390", "\u1f82", "\ufb2c", "\U0001d160", "\u0344", "\u1fb7", "\ufb03", "\u2100", "\u00bd")


def climbing() -> Iterator[str]:
    """Out of the directory: as it comes, and after a server has decoded it once."""
    for climb, slash, (folder, steps) in product(CLIMBS, SLASHES, (("", 1), ("2026/", 3))):
        sent = ((climb + slash) * steps).decode("latin-1")
        for way in dict.fromkeys((sent, unquote(sent, errors="surrogateescape"))):
            yield f"{folder}{way}{TARGET}"
    for way in ("..", "../", "a/..", "a/../..", "./..", "..\\", "a\\..\\..", "../.", "/..", "....//", "..../", "..\0/"):
        yield way
        yield f"{way}/media-evil/{TARGET}"
        yield f"{way}/media/../{TARGET}"
        yield f"{way}/neighbour/{TARGET}"
    yield from ("", ".", "./", "/", "//", "\\", "a/", "a/.", "a//b", "/./", "a/./b", "\0", "a/\0", " ", "\u200b", "\n")


def elsewhere() -> Iterator[str]:
    """Absolute on some system, or of another namespace."""
    yield from (
        "/etc/passwd", "//etc/passwd", "///etc/passwd", "/./etc/passwd", "\\etc\\passwd", "~/.ssh/id", "~root/x",
        "$HOME/x",
        "C:/Windows/win.ini", "C:\\Windows\\win.ini", "C:x", "c|/x", "C:", "Z:..\\x", "\\\\host\\share\\x",
        "//host/share/x",
        "\\\\?\\C:\\x", "//?/C:/x", "\\\\.\\NUL", "//./PhysicalDrive0", "\\??\\C:\\x", "\\\\?\\UNC\\host\\share\\x",
        "file:///etc/passwd", "http://host/x", "s3://bucket/x", "/proc/self/environ", "/proc/self/root/etc/passwd",
        "/dev/stdin", "/dev/fd/0", "proc/self/mem", "media-evil/x", "-evil/x", "../media-evil/x", "../media/x", "{0}",
        "%s", "%(x)s",
    )  # fmt: skip


def devices() -> Iterator[str]:
    """Devices of Windows, in every part of a path."""
    for device, end in product(DEVICES, ENDS):
        yield f"{device}{end}"
        yield f"a/{device}{end}"
        yield f"{device}{end}/x.txt"
    for room in (200, 250, 251, 252, 300, 1020):  # what is left when a name is cut
        yield from (
            f"CON{' ' * room}x",
            f"NUL{' ' * room}x.txt",
            f"CON{'.' * room}x",
            f"a{' ' * room}.",
            f"\u00e9{'.' * room}",
        )


def hidden() -> Iterator[str]:
    """What is never public, or is the storage's own."""
    names = (
        ".env",
        ".git/config",
        ".htaccess",
        ".htpasswd",
        ".user.ini",
        ".ssh/authorized_keys",
        "..env",
        "...",
        "a/.b/c",
        ".",
        ". x",
        ".\u200d.",
    )
    yield from (*names, *OURS)
    yield from (
        "web.config",
        "WEB-INF/web.xml",
        "crossdomain.xml",
        "index.html",
        "favicon.ico",
        "robots.txt",
        "wp-config.php~",
    )


def formed() -> Iterator[str]:
    """One name in several spellings, and letters that become others."""
    yield from (
        "\u00e9.txt",
        "e\u0301.txt",
        "E\u0301.TXT",
        "\u212b",
        "\u00c5",
        "A\u030a",
        "\u017f.txt",
        "\u212a",
        "\u0130.txt",
        "i\u0307",
        "\u0131",
    )
    yield from (
        "PHOTO.PNG",
        "photo.png",
        "Photo.Png",
        "photo.PNG",
        "stra\u00dfe",
        "strasse",
        "STRASSE",
        "\ufb01le",
        "\uff0e\uff0e\uff0fx",
        "\u2024\u2024/x",
    )
    yield from (
        "\u2215etc\u2215passwd",
        "\u2044x",
        "\uff0f..\uff0fx",
        "\u29f8x",
        "\ufe68..\ufe68x",
        "\u037e.txt",
        "\u1fef.txt",
        "\u226e.txt",
        "<\u0338.txt",
        "\u2f00\u2fd5",
    )
    yield from (f"a{character}b.txt" for character in EXPANDING)


def long() -> Iterator[str]:
    """Longer than a file system takes, or than a program should look at."""
    for letter in ("n", "\u00e9", "\u65e5", "\U0001f4a9", "e\u0301", *EXPANDING):
        for count in (85, 127, 128, 255, 256, 300, 5000):
            yield from (letter * count, f"{letter * count}.txt", f"x.{letter * count}", f"{letter * count}/x.txt")
    for unit in (
        "n",
        "\ufdfa",
        "e\u0301",
        "\u0344",
        "\u202e",
        "\0",
        ".",
        " ",
        "/",
        "../",
        "a/",
        "&",
        "&amp;",
        "\U0001d160",
        "\ud800",
        "\u0315\u0300",
    ):
        yield from (unit * (1_000_000 // len(unit)), f"{unit * 300_000}.txt", f"x{unit * 300_000}")
    yield from (
        "a/" * 300 + "x",
        "a/" * 1500 + "x",
        "a/" * 2500 + "x",
        "d" * 200 + "/" + "e" * 200 + "/x",
        ".".join("a" * 2000),
    )


def invisible() -> Iterator[str]:
    """Control, bidi, invisible and undecodable characters."""
    characters = (
        "\u00ad", "\u061c", "\u180e", "\u200b", "\u200d", "\u200e", "\u2028", "\u2029", "\u202a", "\u202e", "\u2060",
        "\u2066", "\u2069", "\ufeff", "\ufff9", "\ufffe", "\U000e0041", "\U000f0000", "\ud800", "\udcff", "\udfff",
    )  # fmt: skip
    for character in (*map(chr, range(32)), *map(chr, range(0x7F, 0xA1)), *characters):
        yield from (
            character,
            f"a{character}b.txt",
            f"x.t{character}xt",
            f"{character}.htaccess",
            f".{character}./{TARGET}",
        )
    yield from (
        "photo_\u202egnp.exe",
        "\u2066x\u2069.png",
        "gnp.\u202etxt",
        "\udcff\udcfe.png",
        "a\udc2e\udc2e/x",
        "\ud83d\ude00.txt",
        "\ud83d.txt",
    )


def quoting() -> Iterator[str]:
    """What breaks out of a header field, a page, a shell, a table, a log."""
    yield from (
        'a"b.txt', "a\\b.txt", 'a\\"b.txt', "a'b.txt", "a;b.txt", 'x"; filename="y.exe', "x.txt; a=b",
        "x.txt\"\r\n\r\n<html>",
        f"x\r\n{FORGED.decode()}: 1", f"x\n{FORGED.decode()}: 1", f"x\r{FORGED.decode()}: 1",
        f"x\u2028{FORGED.decode()}: 1", f"x\u0085{FORGED.decode()}: 1",
        f"x%0d%0a{FORGED.decode()}:%201", f"\u560d\u560a{FORGED.decode()}: 1", "x\x1b[31mred", "x\x1b]0;title\x07",
        "x\r[INFO] fine", "a,b.txt", "100%.txt",
        "%2e%2e%2fx", "%00.txt", "%", "%zz", "%%", "a%20b", "a+b.txt", "a&b=c", "a?b", "a#b", "a*b", "a|b", "a<b>c",
        "<script>alert(1)</script>.html",
        "&lt;script&gt;", "&#46;&#46;/x", "&#x2e;&#x2e;&#x2f;x", "&sol;etc", "..&#x5c;x", "&period;&period;&sol;x",
        "&NewLine;x", "&Tab;", "&quot;x",
        "-rf", "--version", "-", "--", "-e.txt", "=1+1", "@SUM(1)", "+1", "`id`", "$(id)", "${x}", "{{ x }}", "a|id",
        "a;id", "a\tb", "a b", " x ", "x ",
    )  # fmt: skip


def extensions() -> Iterator[str]:
    """What a server might run, or show as another type than the last extension says."""
    yield from (
        "x.php", "x.php.jpg", "x.PhP5.jpg", "x.php .jpg", "x.php\u200b.jpg", "x.phtml.png", "x.jsp.png", "x.asp;.jpg",
        "x.asp;x.jpg", "x.cgi.gif",
        "x.html.png", "x.svg.png", "x.png.html", "x.png.svg", "x.png.", "x.png ", "x.png\0.html", "x.html\0.png",
        "x.html%00.png", "x.tar.gz", "x.svgz",
        "x.png/", "x.png/y.php", ".png", "..png", "...png", "x..png", "x.", "x", "x.shtml.png", "x.pl.txt", "x.var",
        "x.png.meta", "x.meta", "x.gz", "x.css.br",
        "x." + "e" * 33, "x.php." + "e" * 300, "x" + ".php" * 80 + ".png", ".".join(["php"] * 100),
    )  # fmt: skip


GROUPS: dict[str, Callable[[], Iterator[str]]] = {
    "climbing": climbing,
    "elsewhere": elsewhere,
    "devices": devices,
    "hidden": hidden,
    "formed": formed,
    "long": long,
    "invisible": invisible,
    "quoting": quoting,
    "extensions": extensions,
}


def every_name() -> list[str]:
    """All of them, each once."""
    return list(dict.fromkeys(name for group in GROUPS.values() for name in group()))


def shown(name: str) -> str:
    """A name as a message of a test says it."""
    return ascii(name) if len(name) < 120 else f"{name[:60]!a}... ({len(name)} characters)"
