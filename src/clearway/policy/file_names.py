"""Names that every file system takes and no server misreads, for files that strangers named.

Sources: the naming rules of Windows ("Naming Files, Paths, and Namespaces"), Unicode Standard Annex 15, and the
handling of several extensions by Apache's mod_mime.
"""

import re
import unicodedata

LONGEST = 255  # octets of UTF-8: no common file system takes less, and none counts more than octets
_LONGEST_EXTENSION = 32  # octets; what is longer is no extension
_READ = 1024  # characters of an endless name that are looked at
_DROPPED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # control, bidi and invisible characters, no text
_REFUSED = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))  # by Windows
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}) | {
    f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"
}
# extensions that a server may run a file by, wherever in the name they stand
_RUN = re.compile(
    r"ph(?:p[0-9]*|ps|t|tml|ar)|aspx?|as[acmh]x|asa|asis|cer|cfml?|f?cgi|dll|exe|jspx?|jws|pl|pm|py|rb|s?html?|xht(?:ml)?",
    re.IGNORECASE,
)


def safe_path(path: str) -> str:
    """A relative path whose every part is safe; empty parts and single dots are left out."""
    return "/".join(safe_name(part) for part in path.split("/") if part not in ("", "."))


def safe_name(name: str, longest: int = LONGEST) -> str:
    """The name of a file or directory as it can be kept everywhere: at most `longest` octets, never empty.

    A safe name stays as it is. The name is text in Unicode's form NFC without control, bidi and invisible characters;
    no device of Windows, not hidden, without a dot or space at its end; only its last extension can make a server run
    it.
    """
    text = name if len(name) <= _READ else name[: _READ // 2] + name[-_READ // 2 :]
    return _made_safe(_made_safe(text, longest), longest)  # again: what is left of a cut name can be a device


def _made_safe(name: str, longest: int) -> str:
    text = unicodedata.normalize("NFC", "".join(map(_kept, name)).translate(_REFUSED))
    text = _disarmed(text.strip(" ").rstrip(". "))
    if not text or text.startswith(".") or text.partition(".")[0].rstrip(" ").upper() in _DEVICES:
        text = f"_{text}"
    return shortened(text, longest)


def shortened(name: str, longest: int = LONGEST, suffix: str = "") -> str:
    """The name with `suffix` before its last extension, cut there to at most `longest` octets."""
    stem, dot, extension = name.rpartition(".")
    if not stem or _octets(extension) > _LONGEST_EXTENSION:
        stem, dot, extension = name, "", ""
    room = longest - _octets(suffix + dot + extension)
    cut = stem if _octets(stem) <= room else _first(stem, room).rstrip(". ") or "_"
    return f"{cut}{suffix}{dot}{extension}"


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    return "" if category in _DROPPED else " " if category == "Zs" else character


def _disarmed(text: str) -> str:
    """`shell.php.jpg` becomes `shell_php.jpg`: Apache goes by every extension, not by the last alone."""
    first, *inner = text.split(".")
    last = inner.pop() if inner else None
    for part in inner:
        first += f"{'_' if _RUN.fullmatch(part.strip(' ')) else '.'}{part}"
    return first if last is None else f"{first}.{last}"


def _first(text: str, octets: int) -> str:
    return text.encode("utf-8", "surrogatepass")[: max(octets, 0)].decode("utf-8", "ignore")


def _octets(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
