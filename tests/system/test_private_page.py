"""The page about private files, done step by step in a new project."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.system.documents import blocks
from tests.system.every_server import granian, gunicorn
from tests.system.raw import Connection
from tests.system.servers import running

pytestmark = pytest.mark.system

PAGE = blocks("docs/howto/private-files.md", "python")
FILL = """
import django
django.setup()
from django.contrib.auth import get_user_model, login
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.http import HttpRequest
from shop.models import Invoice
for name in ("ann", "bob"):
    user = get_user_model().objects.create_user(name)
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user)
    request.session.save()
    print(request.session.session_key)
    invoice = Invoice(owner=user)
    invoice.pdf.save("March 100%.pdf", ContentFile(b"%PDF-" + name.encode()))
    print(invoice.pdf.url)
"""


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO"))}
    return kept | {"DJANGO_SETTINGS_MODULE": "mysite.settings"}


def python(folder: Path, *words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment(), capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("private")
    python(folder, "-m", "django", "startproject", "mysite", ".", "--settings=")
    python(folder, "manage.py", "startapp", "shop")
    with (folder / "mysite/settings.py").open("a", encoding="utf-8") as settings:
        settings.write(
            "\nDEBUG = False\nALLOWED_HOSTS = ['*']\nINSTALLED_APPS = ['clearway', 'shop', *INSTALLED_APPS]\n"
        )
        settings.write("from django.conf.global_settings import STORAGES\n" + PAGE[0])
    (folder / "mysite/urls.py").write_text(PAGE[1], encoding="utf-8")
    (folder / "shop/models.py").write_text(PAGE[2], encoding="utf-8")
    (folder / "mysite/asgi.py").write_text(
        "from django.core.asgi import get_asgi_application\nfrom clearway.asgi import Clearway\n"
        "application = Clearway(get_asgi_application())\n",
        encoding="utf-8",
    )
    python(folder, "manage.py", "makemigrations", "shop")
    python(folder, "manage.py", "migrate")
    python(folder, "manage.py", "makemigrations", "--check", "shop")
    python(folder, "manage.py", "check", "--fail-level", "WARNING")
    return folder


def test_an_invoice_is_sent_to_its_owner_alone(project: Path) -> None:
    ann, hers, bob, his = python(project, "-c", FILL)
    servers = {"gunicorn": gunicorn("gthread", "mysite.wsgi"), "granian": granian("asgi", "mysite.asgi:application")}
    for name, command in servers.items():
        log = project / f"{name}.log"
        with running(command(project), cwd=project, environ=environment(), log=log) as server:

            def status(url: str, session: str, port: int = server.port) -> tuple[int, bytes]:
                with Connection(port) as line:
                    answer = line.ask(url, cookie=f"sessionid={session}")
                    return answer.status, answer.body

            assert status(hers, ann) == (200, b"%PDF-ann")
            assert status(his, bob) == (200, b"%PDF-bob")
            assert status(hers, bob) == status(hers, "") == status("/private/invoices/none.pdf", ann)
            assert status(hers, bob)[0] == 404
    assert hers.startswith("/private/invoices/March_100.pdf")
