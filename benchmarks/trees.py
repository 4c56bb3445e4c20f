"""Trees of static files as projects have them, the same on every machine for the same seed and version of Django.

Text is a chain of words (Markov, order 3) over the scripts and style sheets that Django ships, so that encoders see
realistic entropy; images and fonts are random octets behind a real magic number. Style sheets import each other in
three layers and name images and fonts; scripts import earlier scripts and some name a source map.
"""

import json
import random
import re
from collections import defaultdict
from os.path import relpath
from pathlib import Path
from posixpath import basename, dirname

import django

# extension: share of the files, weight of the mean size
MIX = {
    "js": (0.34, 2.0),
    "map": (0.12, 3.0),
    "css": (0.10, 1.0),
    "svg": (0.16, 0.2),
    "png": (0.16, 0.8),
    "woff2": (0.05, 1.6),
    "json": (0.05, 0.6),
    "html": (0.02, 0.5),
}
MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "woff2": b"wOF2"}
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_REFERENCE = re.compile(r"url\s*\(|@import|sourceMappingURL|\bimport\b|\bexport\b|/\*|\*/")
_MAP_LETTERS = "AAAAAAACCCDEEGGIIKKMQSUWYaciknqsuwy04,,,,,,;;BEFJLNPRVZgh"


def make(root: Path, files: int, megabytes: float, seed: int = 1) -> None:
    """Write about so many files of so many megabytes below `root`."""
    _Maker(root, files, random.Random(seed)).make(megabytes)


class _Maker:
    def __init__(self, root: Path, files: int, dice: random.Random) -> None:
        self.root, self.files, self.dice = root, files, dice
        self.scripts = _chain(_corpus(".js"), 3_000_000, dice)
        self.styles = _chain(_corpus(".css"), 1_000_000, dice)

    def make(self, megabytes: float) -> None:
        sizes = self._sizes(megabytes * 1_000_000)
        for extension, magic in MAGIC.items():
            for name, size in sizes[extension]:
                self._write(name, magic + self.dice.randbytes(size))
        for name, size in sizes["svg"]:
            self._write(name, self._picture(size))
        for name, size in sizes["json"]:
            self._write(name, json.dumps(self._text(self.scripts, size).split("\n")))
        for name, size in sizes["html"]:
            self._write(name, "<!doctype html><title>t</title><pre>" + self._text(self.styles, size))
        self._write_styles(sizes)
        self._write_scripts(sizes)

    def _sizes(self, octets: float) -> dict[str, list[tuple[str, int]]]:
        """Names and sizes by extension, spread over one folder for each 150 files."""
        rows = [
            (extension, weight * self.dice.lognormvariate(0, 1.0))
            for extension, (share, weight) in MIX.items()
            for _ in range(round(self.files * share))
        ]
        scale = octets / sum(weight for _, weight in rows)
        self.dice.shuffle(rows)
        folders, found = max(3, self.files // 150), defaultdict(list)
        for number, (extension, weight) in enumerate(rows):
            name = f"app{number % folders}/{extension}/file-{number:05d}.{extension}"
            found[extension].append((name, max(64, int(weight * scale))))
        return found

    def _write_styles(self, sizes: dict[str, list[tuple[str, int]]]) -> None:
        pictures = [name for extension in ("png", "svg") for name, _ in sizes[extension]]
        fonts = [name for name, _ in sizes["woff2"]]
        layers: list[list[str]] = [[], [], []]
        for number, (name, size) in enumerate(sizes["css"]):
            layer = number * 3 // len(sizes["css"])
            below = layers[layer - 1] if layer else []
            lines = [f'@import url("{self._to(each, name)}");' for each in self.dice.sample(below, min(2, len(below)))]
            shown = self.dice.choices(pictures, k=self.dice.randint(2, 14))
            lines += [f".i{{background:url({self._to(each, name)}) no-repeat}}" for each in shown]
            font = self._to(self.dice.choice(fonts), name)
            lines.append(f"@font-face{{src:url('{font}?#iefix') format('woff2'),url(\"{font}\")}}")
            self._write(name, "\n".join(lines) + "\n" + self._text(self.styles, size))
            layers[layer].append(name)

    def _write_scripts(self, sizes: dict[str, list[tuple[str, int]]]) -> None:
        done: list[str] = []
        maps = [size for _, size in sizes["map"]]
        for number, (name, size) in enumerate(sizes["js"]):
            imported = self.dice.sample(done[-200:], k=min(len(done), self.dice.randint(0, 4)))
            head = "".join(f'import {{a}} from "{self._to(each, name)}";\n' for each in imported)
            tail = ""
            if number < len(maps):
                self._write(f"{name}.map", self._map(basename(name), maps[number]))
                tail = f"\n//# sourceMappingURL={basename(name)}.map\n"
            self._write(name, head + self._text(self.scripts, size) + tail)
            done.append(name)

    def _to(self, name: str, referrer: str) -> str:
        path = relpath(name, dirname(referrer))
        return path if path.startswith(".") else f"./{path}"

    def _text(self, lines: list[str], size: int) -> str:
        found, length = [], 0
        while length < size:
            start = self.dice.randrange(len(lines) - 12)
            for line in lines[start : start + self.dice.randint(3, 12)]:
                found.append(line[:400])
                length += len(line[:400]) + 1
        return "\n".join(found)[:size].rsplit("\n", 1)[0]

    def _map(self, name: str, size: int) -> str:
        half = max(size // 2, 20)
        mappings = "".join(self.dice.choices(_MAP_LETTERS, k=half))
        source = self._text(self.scripts, max(size - half, 1))
        return json.dumps({"version": 3, "file": name, "mappings": mappings, "sourcesContent": [source]})

    def _picture(self, size: int) -> str:
        parts, length = [], 0
        while length < size:
            numbers = " ".join(f"{self.dice.random() * 512:.2f}" for _ in range(8))
            parts.append(f'<path fill="#{self.dice.choice((0, 0x333333, 0xFF8800)):06x}" d="M{numbers}z"/>')
            length += len(parts[-1])
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">{"".join(parts)}</svg>'

    def _write(self, name: str, data: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def _corpus(suffix: str) -> str:
    folder = Path(str(django.__file__)).parent / "contrib"
    paths = sorted(path for path in folder.rglob(f"*{suffix}") if "static" in path.parts)
    return "\n".join(path.read_text("utf-8", "replace") for path in paths)


def _chain(text: str, size: int, dice: random.Random) -> list[str]:
    """Lines of a chain of words, with fresh identifiers now and then and nothing that looks like a reference."""
    words = _WORD.findall(text)
    following = defaultdict(list)
    for *state, word in zip(words, words[1:], words[2:], words[3:], strict=False):
        following[tuple(state)].append(word)
    now, found, length = tuple(words[:3]), [], 0
    while length < size:
        choices = following.get(now)
        if not choices:
            start = dice.randrange(len(words) - 3)
            now = tuple(words[start : start + 3])
            continue
        word = dice.choice(choices)
        fresh = word.isidentifier() and len(word) > 4 and dice.random() < 0.04
        found.append(word[:3] + "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=4)) if fresh else word)
        length += len(word)
        now = (*now[1:], word)
    return [line for line in _REFERENCE.sub(" x ", "".join(found)).split("\n") if line.strip()]
