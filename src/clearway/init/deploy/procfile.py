"""A Procfile, for Heroku and the many that read the same."""

from .site import Deployed


def files(site: Deployed) -> dict[str, str]:
    """One process for the web. The platform collects when it builds; where it does not, `release` does."""
    start = f"cd {site.folder} && exec {site.server}" if site.folder else site.server
    return {"Procfile": f"web: {start} --bind 0.0.0.0:$PORT\n"}
