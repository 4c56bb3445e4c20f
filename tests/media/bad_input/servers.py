"""The real servers before the project, and the web servers before those."""

from tests.bad_input.servers import gunicorn, uvicorn

APPS = "tests.media.bad_input.apps"
SETTINGS = f"{APPS}.project"
SERVERS: dict[str, list[str]] = {
    "gunicorn": gunicorn(f"{APPS}.wsgi:application"),
    "gunicorn with the lane": gunicorn(f"{APPS}.wsgi:wrapped", "clearway.gunicorn.ThreadWorker"),
    "uvicorn": uvicorn(f"{APPS}.asgi:wrapped"),
    "uvicorn with the lane": uvicorn(f"{APPS}.asgi:application", "--http=clearway.uvicorn:Protocol"),
}
