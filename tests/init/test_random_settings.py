"""Settings in random styles: what runs afterwards is what was meant, nothing else changed, and a second run is idle."""

import random
from pathlib import Path

import pytest
from tests.init.cases import Case, planned, write

APPS = ["django.contrib.admin", "django.contrib.staticfiles", "shop", "daphne"]
COMMON = "django.middleware.common.CommonMiddleware"
MIDDLEWARE = [COMMON, "shop.middleware.Basket", "corsheaders.middleware.CorsMiddleware"]
OURS = "clearway.middleware.ClearwayMiddleware"
SECURITY = "django.middleware.security.SecurityMiddleware"
PEER = {
    "whitenoise": ("whitenoise.runserver_nostatic", "whitenoise.middleware.WhiteNoiseMiddleware"),
    "servestatic": ("servestatic", "servestatic.middleware.ServeStaticMiddleware"),
}
BACKENDS = {
    "whitenoise": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    "servestatic": "servestatic.storage.CompressedStaticFilesStorage",
    "": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
}


class Writer:
    """Writes lists and dicts as people do, each time in another way."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.quote = self.random.choice("\"'")
        self.indent = self.random.choice(["    ", "  ", "\t"])

    def text(self, value: str) -> str:
        return f"{self.quote}{value}{self.quote}"

    def sequence(self, values: list[str], *, is_tuple: bool | None = None) -> str:
        pick, items = self.random.choice, [self.text(value) for value in values]
        is_tuple = pick([False, False, True]) if is_tuple is None else is_tuple
        first, last = "()" if is_tuple else "[]"
        comma = "," if pick([True, False]) or (is_tuple and len(items) == 1) else ""
        style = pick(["line", "lines", "lines", "aligned", "pairs"]) if items else "line"
        if style == "line":
            return f"{first}{', '.join(items)}{comma if items else ''}{last}"
        if style == "aligned":
            return first + f",\n{self.indent * 3}".join(items) + comma + last
        if style == "pairs":
            rows = [", ".join(items[at : at + 2]) for at in range(0, len(items), 2)]
            return f"{first}\n{self.indent}" + f",\n{self.indent}".join(rows) + f"{comma}\n{last}"
        commas = [*[","] * (len(items) - 1), comma]
        told = [f"{self.indent}{item}{end}{self.comment()}" for item, end in zip(items, commas, strict=True)]
        return "\n".join([first + self.comment(), *[self.above() + row for row in told], last])

    def comment(self) -> str:
        return self.random.choice(["", "", "", "  # why", "  # (see [docs], {here})"])

    def above(self) -> str:
        comments = (f"{self.indent}# {text}\n" for text in ("about it", "'whitenoise', \"quoted\""))
        return self.random.choice(["", "", "", "\n", *comments])

    def setting(self, name: str, values: list[str]) -> str:
        """One statement, or several that come to the same."""
        cut = self.random.randrange(len(values) + 1)
        kind = self.random.choice([False, False, True])
        left, right = (self.sequence(part, is_tuple=kind) for part in (values[:cut], values[cut:]))
        way = self.random.choice(["plain", "plain", "plus", "parts", "grown", "star", "method"])
        if way == "plus":
            return f"{name} = {left} + {right}\n"
        if way == "parts":
            return f"FIRST_{name} = {left}\nSECOND_{name} = {right}\n{name} = FIRST_{name} + SECOND_{name}\n"
        if way == "grown":
            return f"{name} = {left}\nDEBUG = False\n{name} += {right}\n"
        if way == "star":
            return f"REST_{name} = {right}\n{name} = [*{left}, *REST_{name}]\n"
        if way == "method" and values:
            rest = [value for value in values if value != values[cut % len(values)]]
            place, value = cut % len(values), values[cut % len(values)]
            return f"{name} = {self.sequence(rest, is_tuple=False)}\n{name}.insert({place}, {self.text(value)})\n"
        return f"{name} = {self.sequence(values)}\n"

    def storages(self, backend: str) -> str:
        entry = "{" + f"{self.text('BACKEND')}: {self.text(backend)}" + self.random.choice(["", ","]) + "}"
        other = "{" + f"{self.text('BACKEND')}: {self.text('x.Y')}" + "}"
        rows = [f"{self.text('default')}: {other}", f"{self.text('staticfiles')}: {entry}"]
        self.random.shuffle(rows)
        join = self.random.choice([", ", f",\n{self.indent}"])
        whole = "STORAGES = {" + join.join(rows) + self.random.choice(["", ","]) + "}\n"
        apart = f"STORAGES = {{{self.text('default')}: {other}}}\nSTORAGES[{self.text('staticfiles')}] = {entry}\n"
        return self.random.choice([whole, apart, ""])


def project(seed: int) -> str:
    """The text of a settings module."""
    writer = Writer(seed)
    pick = writer.random
    peer = pick.choice(["", "whitenoise", "servestatic"])
    apps, order = pick.sample(APPS, 4), pick.sample(MIDDLEWARE, pick.randrange(1, 4))
    if pick.random() < 0.8:
        order.insert(pick.choice([0, 0, len(order)]), SECURITY)
    if peer:
        app, middleware = PEER[peer]
        apps.insert(pick.randrange(5), app)
        order.insert(pick.choice([order.index(SECURITY) + 1 if SECURITY in order else 0, len(order)]), middleware)
    parts = [
        writer.setting("INSTALLED_APPS", apps),
        writer.setting("MIDDLEWARE", order),
        f"STATIC_URL = {writer.text('static/')}\n" + pick.choice(["", "STATIC_ROOT = BASE_DIR / 'all'\n"]),
        writer.storages(BACKENDS[peer]),
    ]
    pick.shuffle(parts)
    return "from pathlib import Path\n\nBASE_DIR = Path(__file__).parent.parent\n" + pick.choice(["", "\n"]).join(parts)


def without(values: list[str]) -> list[str]:
    return [each for each in values if each.partition(".")[0] not in ("clearway", "whitenoise", "servestatic")]


@pytest.mark.parametrize("seed", range(60))
def test_what_runs_afterwards_is_what_was_meant(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path.resolve()
    case = Case("", "shop.settings", {"shop/settings.py": project(seed)})
    write(case.before, folder)
    made, before = planned(case, folder)
    if "insert" not in case.before["shop/settings.py"]:
        assert [f"{each.about} {each.reason}" for each in made.refusals] == []
    write({str(edit.path): edit.after.decode() for edit in made.edits}, folder)
    again, after = planned(case, folder)
    assert again.edits == []
    assert after == made.wanted
    assert without(after["INSTALLED_APPS"]) == without(before["INSTALLED_APPS"])
    assert without(after["MIDDLEWARE"]) == without(before["MIDDLEWARE"])
    if not made.refusals:
        apps, order = after["INSTALLED_APPS"], ["", *after["MIDDLEWARE"]]
        assert apps.index("clearway") < min(map(apps.index, ("daphne", "django.contrib.staticfiles")))
        assert order[order.index(OURS) - 1] == (SECURITY if SECURITY in order else "")
        assert (after["STORAGES"], after["STATIC_ROOT"]) == ("clearway.storage.ReleaseStorage", True)
