"""The image behind nginx, which answers static files and uploads itself, from volumes that both see."""

from collections.abc import Iterable

from .docker import files as image
from .site import Deployed, in_image

_COMPOSE = """\
# The configuration of nginx comes first, and again when the settings change:
#   clearway front nginx --docker > deploy/nginx.conf
services:
  app:
    build: .
    # Collecting adds the files of this release to the volume. Those of earlier ones stay for pages that are open;
    # without it, a volume that is not new would hide the files of the image.
    command: ["sh", "-c", "python manage.py collectstatic --noinput && exec {server} --bind 0.0.0.0:8000"]
{environment}    volumes:
{app}    restart: unless-stopped
    healthcheck:
      test: ["CMD", "python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 2)"]
      interval: 5s
      retries: 12
      start_period: 60s
  nginx:
    image: nginx:stable
    ports: ["80:80"]
    volumes:
      - ./deploy/nginx.conf:/etc/nginx/conf.d/default.conf:ro
{nginx}    depends_on:
      app:
        condition: service_healthy
    restart: unless-stopped

volumes:
{volumes}"""

# Where `clearway front nginx --docker` has them.
_VOLUMES = ("static", "media")


def files(site: Deployed) -> dict[str, str]:
    """The services, and the image that they are built from."""
    used = list(zip(_VOLUMES, site.roots, strict=False))
    needed = [f"      {name}: ${{{name}:?}}" for name in site.variables]
    text = _COMPOSE.format(
        server=site.server,
        environment=_lines(["    environment:", *needed] if needed else []),
        app=_lines(f"      - {name}:{in_image(root)}" for name, root in used),
        nginx=_lines(f"      - {name}:/srv/{name}:ro" for name, _ in used),
        volumes=_lines(f"  {name}:" for name, _ in used),
    )
    return {"compose.yaml": text, **image(site)}


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
