"""A Django project whose static files are published to a bucket, and asked for at a cache before it.

Each cache has a page of its own, in place of the one host that STATIC_URL names.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FONTS = Path(__file__).parents[3] / "examples" / "shop" / "catalogue" / "static" / "catalogue" / "fonts"
SETTINGS = """
import os
from pathlib import Path
BASE_DIR = Path(__file__).parent
SECRET_KEY, ALLOWED_HOSTS, ROOT_URLCONF = "edge", ["*"], "pages"
INSTALLED_APPS = ["clearway", "django.contrib.staticfiles"]
MIDDLEWARE = ["clearway.middleware.ClearwayMiddleware"]
STORAGES = {"staticfiles": {"BACKEND": "clearway.storage.ReleaseStorage"}}
STATIC_URL, STATIC_ROOT, STATICFILES_DIRS = "http://cdn.test/static/", BASE_DIR / "out", [BASE_DIR / "src"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
CLEARWAY = {"cache": None, "publish": {"target": os.environ["TARGET"]}}
"""
PAGES = '''
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import path
PAGE = """<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="{}"><script type="module" src="{}"></script><button>More</button><output></output>"""
urlpatterns = [path("<edge>/", lambda request, edge: HttpResponse(
    PAGE.format(static("site.css"), static("main.js")).replace("//cdn.test/", f"//{edge}/")
))]
application = get_wsgi_application()
'''
DEPLOY = """
import sys
from django.core.management import call_command
from clearway.cli import main
import pages
call_command("collectstatic", interactive=False, verbosity=0)
sys.exit(main(["publish", "--apply"]) or main(["prune", "--dry-run"]))
"""
MAIN = """
document.body.id = "%s";
document.querySelector("button").onclick = async () => (await import("./lazy.js")).show();
"""
LAZY = """
import { word } from "./word.js";
const loaded = element => new Promise((done, failed) => { element.onload = done; element.onerror = failed; });
export const show = async () => {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet" });
  sheet.href = new URL("./lazy.css", import.meta.url).href;
  document.head.append(sheet);
  await loaded(sheet);
  document.querySelector("output").textContent = word;
  await document.fonts.load("16px Own");
  document.body.className = "shown";
};
"""
LATE = """
@font-face { font-family: Own; src: url("own.woff2") }
output { width: %dpx; display: block; font-family: Own; background: url("behind.svg") }
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="10"><rect width="9" height="9"/></svg>'


@dataclass(frozen=True)
class Project:
    """In `home`; `environ` is what its commands and its server run with."""

    home: Path
    environ: dict[str, str]

    def deploy(self, word: str, width: int, font: str) -> None:
        """A release in which every file is another one, collected and published; what a prune would do is looked at."""
        files = {
            "main.js": MAIN % word,
            "lazy.js": f"{LAZY}// {word}",
            "word.js": f'export const word = "{word}";',
            "lazy.css": LATE % width,
            "behind.svg": SVG % width,
            "site.css": f"body {{ margin-left: {width}px }}",
        }
        for name, text in files.items():
            (self.home / "src" / name).write_text(text, encoding="utf-8")
        (self.home / "src" / "own.woff2").write_bytes((FONTS / font).read_bytes())
        command = [sys.executable, "-c", DEPLOY]
        subprocess.run(command, cwd=self.home, env=self.environ, check=True, timeout=60, stdout=subprocess.DEVNULL)


def project(home: Path, target: str, environ: dict[str, str]) -> Project:
    """One that was never deployed."""
    for name, text in {"site_settings": SETTINGS, "pages": PAGES}.items():
        (home / f"{name}.py").write_text(text, encoding="utf-8")
    (home / "src").mkdir()
    told = {"DJANGO_SETTINGS_MODULE": "site_settings", "PYTHONPATH": str(home), "TARGET": target}
    return Project(home, {"PATH": os.environ["PATH"], **environ, **told})
