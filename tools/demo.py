"""The demo shop in production mode, run inside a ready environment: `make demo` or `python tools/demo.py`.

Exit codes: 0 stopped by the reader, 2 could not run.
"""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
USER = "demo"
SHOWN = "admin/css/base.css"

SCREEN = """
  Kettle & Leaf is open, with DEBUG = False.

    the shop       {url}/
    a product      {url}/tea/matcha/
    the gallery    {url}/gallery/          a picture, a film to seek in, papers that are downloads
    an upload      {url}/gallery/share/    try a web page that is named cat.png
    the invoices   {url}/invoices/         one of your own; make a link to it, and end the link
    the admin      {url}/admin/            user {user}, password {password}, as for the two before

  What a browser gets for one stylesheet:

    curl -sS -D - -o /dev/null -H 'Accept-Encoding: br' \\
      {url}{static}

    look at  content-encoding: br      compressed once, by collectstatic, never while serving
             content-length            what travels; the file itself has {size:,} bytes
             cache-control: immutable  kept for a year: new content gets a new name, so no one asks again
             etag, vary                one validator for each encoding, and caches keep them apart

  What a player gets that asks for the first two octets of the film, as Safari does:

    curl -sS -D - -o /dev/null -r 0-1 {url}{film}

    look at  206, content-range        so a player can seek, and a download goes on where it stopped
             content-security-policy   nothing in a guest's file runs, whatever it is

  All that was written lies in {var}. Stop with Ctrl-C.
"""


class CannotRunError(Exception):
    """The message is for the reader and says what to do."""


def chosen_port() -> int:
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotRunError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def check_free(port: int) -> None:
    with socket.socket() as probe:
        # As gunicorn does it: a port in TIME_WAIT counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotRunError(port_trouble(port, error)) from error


def port_trouble(port: int, error: OSError) -> str:
    other = port + 1 if 1024 <= port < 65535 else 8001
    what = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
    return f"port {port} {what}. Take another one:  make demo PORT={other}"


def set_up_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
    os.environ.pop("SHOP_DEBUG", None)
    sys.path.insert(0, str(SHOP))
    import django

    django.setup()


def prepare() -> None:
    from django.core.management import CommandError, call_command

    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False)
    except CommandError as error:
        raise CannotRunError(str(error)) from error


def login_password() -> str:
    """The password of the demo user, who is made or put right where needed."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from shop.secret import kept_secret

    password = kept_secret(settings.VAR / "demo-password", size=9)
    user, _ = User.objects.get_or_create(username=USER)
    user.is_staff = user.is_superuser = user.is_active = True
    if not user.check_password(password):
        user.set_password(password)
    user.save()
    return str(password)


def hang_up() -> str:
    """The first files of the gallery, and an invoice; the URL of the film."""
    from django.core.management import call_command
    from gallery.models import Shared

    call_command("first_files", owner=USER)
    film = next((shared for shared in Shared.objects.all() if shared.kind == "film"), None)
    return str(film.file.url if film else "/media/none.webm")


def hashed_name(name: str) -> str:
    from django.conf import settings

    manifest = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())
    return str(manifest["paths"][name])


def gunicorn(port: int) -> list[str]:
    options = ["--worker-class=clearway.gunicorn.ThreadWorker", "--threads=4", f"--bind=127.0.0.1:{port}"]
    # Without its control socket gunicorn writes nothing outside the shop.
    quiet = ["--log-level=warning", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *options, *quiet, "shop.wsgi"]


@contextmanager
def running(port: int) -> Iterator[subprocess.Popen[bytes]]:
    # A session of its own: the terminal's Ctrl-C reaches this process alone, which then stops the server.
    process = subprocess.Popen(gunicorn(port), cwd=SHOP, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_open(process: subprocess.Popen[bytes], url: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    # Whatever proxy the environment names has no part in a request to this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and process.poll() is None:
        try:
            opener.open(url, timeout=5).close()
        except urllib.error.HTTPError as error:
            raise CannotRunError(f"the shop answers {error.code} at {url}. Its error is above.") from error
        except OSError:
            time.sleep(0.1)
        else:
            return
    if process.poll() is None:
        raise CannotRunError(f"gunicorn did not answer within {seconds:.0f} seconds.")


def show(url: str, password: str, film: str) -> None:
    from django.conf import settings

    name = hashed_name(SHOWN)
    shown = {"static": settings.STATIC_URL + name, "size": (settings.STATIC_ROOT / name).stat().st_size}
    print(SCREEN.format(url=url, user=USER, password=password, film=film, var=settings.VAR, **shown), flush=True)


def serve(port: int, password: str, film: str) -> None:
    url = f"http://127.0.0.1:{port}"
    with running(port) as process:
        wait_until_open(process, f"{url}/")
        if process.poll() is None:
            show(url, password, film)
        code = process.wait()
    raise CannotRunError(f"gunicorn ended by itself with code {code}. Its last words are above.")


def stop_on_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, signal.default_int_handler)


def main() -> int:
    stop_on_signals()
    try:
        check_free(port := chosen_port())
        set_up_django()
        prepare()
        serve(port, login_password(), hang_up())
    except CannotRunError as trouble:
        print(f"could not run: {trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nThe shop is closed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
