"""An image with the static files in it: collected when it is built, with what was encoded before kept in a cache."""

from posixpath import isabs

from .site import Deployed, in_image

_DOCKERFILE = """\
# syntax=docker/dockerfile:1
FROM python:{python}-slim AS build
ENV PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH DJANGO_SETTINGS_MODULE={settings}
WORKDIR /app
{install}
# What was encoded for the last image is kept. No secret is needed to collect, and so none is in a layer.
RUN --mount=type=cache,target=/var/cache/clearway \\
    CLEARWAY_CACHE=/var/cache/clearway {collect}

FROM python:{python}-slim
RUN useradd --system app
ENV PYTHONUNBUFFERED=1 PATH=/venv/bin:$PATH DJANGO_SETTINGS_MODULE={settings}
COPY --from=build /venv /venv
COPY --from=build /app /app
{roots}WORKDIR {folder}
USER app
EXPOSE 8000
CMD [{command}]
"""

# What makes an image large, or holds secrets.
_IGNORED = (".git", ".venv", "venv", "**/__pycache__", "**/.env*", "**/*.sqlite3", "**/node_modules")

_PIP = "RUN --mount=type=cache,target=/root/.cache/pip "


def files(site: Deployed) -> dict[str, str]:
    """A Dockerfile, and what stays out of the image."""
    return {
        "Dockerfile": _dockerfile(site),
        ".dockerignore": "".join(f"{each}\n" for each in (*_IGNORED, *site.ignored)),
    }


def _dockerfile(site: Deployed) -> str:
    command = [*site.server.split(), "--bind", "0.0.0.0:8000"]
    return _DOCKERFILE.format(
        python=site.python,
        settings=site.settings,
        install="\n".join(_install(site)),
        collect=site.collect,
        roots="".join(f"{line}\n" for line in _roots(site)),
        folder=in_image(site.folder),
        command=", ".join(f'"{word}"' for word in command),
    )


def _install(site: Deployed) -> list[str]:
    """Requirements before the sources, so that a change of these alone installs nothing."""
    if not site.requirements:
        return ["COPY . .", _PIP + site.install]
    return [f"COPY {site.requirements} {site.requirements}", _PIP + site.install, "COPY . ."]


def _roots(site: Deployed) -> list[str]:
    """The application writes to both: uploads always, static files where a volume keeps those of earlier releases."""
    copied = [f"COPY --from=build {root} {root}" for root in [site.static_root] if isabs(root)]
    places = " ".join(in_image(root) for root in site.roots)
    return [*copied, f"RUN mkdir -p {places} && chown -R app {places}"]
