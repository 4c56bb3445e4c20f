"""What running the settings gives: that with which their text is compared."""

from dataclasses import dataclass

OWN, KNOWN, BUCKET, CLEARWAY = "own", "known", "bucket", "clearway"


@dataclass(frozen=True)
class Values:
    """What running the settings gives.

    backend         of static files; None where there is none
    kind            of it: `CLEARWAY`, `KNOWN` (Django's, WhiteNoise's, ServeStatic's), `BUCKET`, or the project's `OWN`
    are_default     whether STORAGES is what Django has without the setting
    commanding      installed apps with their own `runserver` or `collectstatic`
    folder          where static files would be collected: a name below BASE_DIR that nothing else has
    base            whether BASE_DIR is a `path`, a `text`, or (empty) not there
    built_on_peers  middleware that is the project's own and inherits from WhiteNoise's or ServeStatic's
    urls            the name of the URLconf
    """

    installed_apps: tuple[str, ...]
    middleware: tuple[str, ...]
    backend: str | None
    kind: str
    static_root: str
    static_url: str | None
    are_default: bool = True
    commanding: frozenset[str] = frozenset()
    folder: str = "static_root"
    base: str = "path"
    built_on_peers: frozenset[str] = frozenset()
    urls: str = ""
