"""`{% static %}`: a storage's `url()` and the rendered tag, beside a storage that is one dict lookup."""

import json
from pathlib import Path

from .measure import cell, run_json

NAMES, REPEATS = 3000, 5

# the storages take turns in one process; the best of some repeats counts, the rest is the machine's
WORKER = """
import json, os, time, django
django.setup()
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, StaticFilesStorage, staticfiles_storage
from django.template import Context, Template
from clearway.storage import ReleaseStorage
names = json.loads(os.environ["BENCH_NAMES"])
class Lookup(StaticFilesStorage):
    def url(self, name):
        return URLS[name]
made = {"Clearway": ReleaseStorage(), "Django's manifest": ManifestStaticFilesStorage(), "one dict lookup": Lookup()}
URLS = {name: made["Clearway"].url(name) for name in names}
assert URLS == {name: made["Django's manifest"].url(name) for name in names}
assert all(url != "/static/" + name for name, url in URLS.items())
template = Template("{% load static %}{% static name %}")
contexts = [Context({"name": name}) for name in names]
def ask(storage):
    url = storage.url
    for name in names:
        url(name)
def render(storage):
    staticfiles_storage._wrapped = storage
    for context in contexts:
        template.render(context)
staticfiles_storage.url
best = {}
for _ in range(REPEATS):
    for run in (ask, render):
        for name, storage in made.items():
            start = time.perf_counter()
            run(storage)
            seconds = (time.perf_counter() - start) / len(names)
            key = f"{name} {run.__name__}"
            best[key] = min(best.get(key, seconds), seconds)
print(json.dumps({key: seconds * 1e6 for key, seconds in best.items()}))
"""
STORAGES = ("Clearway", "Django's manifest", "one dict lookup")


def measure(folder: Path, rounds: int) -> list[dict[str, float]]:
    """Microseconds by storage and way, one dict for each process."""
    root = folder / "tags"
    root.mkdir(exist_ok=True)
    names = [f"app{number % 40}/js/module-{number}.js" for number in range(NAMES)]
    paths = {name: name.replace(".js", f".{number:012x}.js") for number, name in enumerate(names)}
    (root / "staticfiles.json").write_text(json.dumps({"paths": paths, "version": "1.1", "hash": ""}))
    env = {"DJANGO_SETTINGS_MODULE": "benchmarks.site.settings", "BENCH_ROOT": str(root)}
    env |= {"BENCH_NAMES": json.dumps(names), "BENCH_STACK": "clearway"}
    return [run_json(WORKER.replace("REPEATS", str(REPEATS)), env) for _ in range(rounds)]


def table(runs: list[dict[str, float]]) -> str:
    """Median (minimum–maximum) as a Markdown table."""
    lines = ["| storage | url(), µs | tag, µs | times the tag over a lookup |", "|---|---|---|---|"]
    for name in STORAGES:
        url, tag = ([run[f"{name} {way}"] for run in runs] for way in ("ask", "render"))
        ratios = [run[f"{name} render"] / run["one dict lookup render"] for run in runs]
        lines.append(f"| {name} | {cell(url, 2)} | {cell(tag, 2)} | {cell(ratios, 3)} |")
    return "\n".join(lines)
