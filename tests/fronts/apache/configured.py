"""A configuration from its text, in a file of its own; and the road of a URL through it."""

from collections.abc import Mapping
from pathlib import Path

from clearway.fronts.apache.reading import Configuration, read
from clearway.fronts.apache.routing import route
from clearway.fronts.files import WorkerFiles
from clearway.fronts.permission import Worker
from clearway.fronts.road import Road, Visit

TYPES = "text/css css\ntext/html html htm\ntext/javascript js\nimage/png png\napplication/gzip gz\n"
GRANTED = "Require all granted"


def configuration(folder: Path, text: str) -> Configuration:
    """Of the text of a main file; `@D@` stands for the folder."""
    (folder / "types").write_text(TYPES, encoding="utf-8")
    main = folder / "httpd.conf"
    head = f"ServerRoot {folder}\nListen 80\nServerName main.test\nTypesConfig {folder}/types\n"
    main.write_text(head + text.replace("@D@", str(folder)), encoding="utf-8")
    return read(str(main))


def files(folder: Path, *names: str) -> None:
    """Files, each with its name as content."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def visit(target: str, host: str = "localhost", method: str = "GET", fields: Mapping[str, str] | None = None) -> Visit:
    """A plain request."""
    return Visit(method, "http", host, 80, target, "127.0.0.1", fields or {})


def road(
    folder: Path,
    text: str,
    target: str,
    method: str = "GET",
    fields: Mapping[str, str] | None = None,
    host: str = "localhost",
) -> Road:
    """Of a URL, for root, who may read everything."""
    return route(configuration(folder, text), visit(target, host, method, fields), WorkerFiles(Worker(0, 0)))
