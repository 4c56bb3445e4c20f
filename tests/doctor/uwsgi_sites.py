"""Sites that uWSGI runs, on the disk."""

from pathlib import Path
from typing import Any

from tests.doctor.deployments import site
from tests.doctor.fake_facts import Fake, collected

from clearway.doctor.facts import Tree

NGINX = (
    "server {\n  location /static/ {\n    alias /srv/shop/;\n  }\n  location /media/ {\n    alias /srv/m/;\n  }\n}\n"
)


def uwsgi_site(root: Path, files: dict[str, str] | str, settings: dict[str, Any] | None = None, **given: Any) -> Fake:
    """css/site.css and admin/base.css are collected; a text is what uwsgi.ini has. `{root}` is the directory."""
    for name in ("staticfiles/css/site.css", "staticfiles/admin/base.css", "assets/css/site.css", "media/a.png"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", "utf-8")
    named = {"uwsgi.ini": f"[uwsgi]\nchdir = %d\n{files}\n"} if isinstance(files, str) else files
    texts = {name: text.replace("{root}", str(root)) for name, text in named.items()}
    roots = {"STATIC_ROOT": str(root / "staticfiles"), "MEDIA_ROOT": str(root / "media")}
    usual = {"collected": collected(root / "staticfiles", ["css/site.css", "admin/base.css", "staticfiles.json"])}
    return site(settings=roots | (settings or {}), tree=Tree(str(root), texts), **(usual | given))
