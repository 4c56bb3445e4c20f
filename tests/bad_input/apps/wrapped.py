"""Both wrappers, over an application that knows no page: a release, a directory with index files, a live one."""

import os
from pathlib import Path
from typing import Any

from tests.bad_input.site import FORGED
from tests.helpers import asgi as asgi_tests
from tests.helpers import wsgi as wsgi_tests

from clearway.asgi import Clearway as ASGIClearway
from clearway.wsgi import Clearway as WSGIClearway

SERVED = Path(os.environ["BAD_INPUT_HOME"]) / "srv"


def hostile(headers: Any, path: str, url: str) -> None:
    """A careless function: it puts a name into a header field as it is."""
    headers["X-File"] = Path(path).name
    headers["X-Url"] = f"{url}\r\n{FORGED.decode()}: 1"


def layered(clearway: Any, app: Any) -> Any:
    live = clearway(app, SERVED / "live", "live/", autorefresh=True, add_headers_function=hostile)
    docs = clearway(live, SERVED / "docs", "docs/", index_file=True)
    site = clearway(docs, SERVED / "app", "static/")
    site.add_files(SERVED / "www")
    return site


by_wsgi = layered(WSGIClearway, wsgi_tests.says(b"the application", "404 Not Found"))
by_asgi = layered(ASGIClearway, asgi_tests.says(b"the application", 404))
