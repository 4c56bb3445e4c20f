"""Releases that must not go live: what is wrong with each, where it is stopped, and by which id of the doctor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.system.release_live.shop import BASE, SETTINGS, Version

TOKENS = "catalogue/static/catalogue/css/tokens.css"
UNDER_GUNICORN = (
    '\nimport os\nif "gunicorn" in os.environ.get("SERVER_SOFTWARE", ""):\n    raise RuntimeError("no till")\n'
)
READY = "\n    def ready(self):\n        raise RuntimeError('no till')\n"
CLOSED = "chmod 700 $SHOP_VAR/static/catalogue/season"
NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
Spoil = Callable[[Version], None]


@dataclass(frozen=True)
class Bad:
    """What is done to a version of the code; the step that its release ends at, and the id of the cause.

    `ids` are several where the doctor may say it in more than one way, and none where the cause is no matter of his.
    """

    name: str
    spoil: Spoil
    step: str
    ids: tuple[str, ...] = ()
    routine: Mapping[str, object] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()


def _appending(name: str, text: str) -> Spoil:
    return lambda version: version.append(name, text)


def _in_the_page(text: str) -> Spoil:
    return lambda version: version.replace(BASE, "</head>", f"{text}</head>")


def _new_directory(version: Version) -> None:
    """A directory of STATIC_ROOT that no release had before; a hook closes it."""
    version.append("catalogue/static/catalogue/season/leaves.css", "p { color: green }\n")
    _in_the_page('<link rel="stylesheet" href="{% static \'catalogue/season/leaves.css\' %}">')(version)


def _modes_of_uploads(version: Version) -> None:
    version.append(SETTINGS, "\nFILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700\n")


def _nothing(version: Version) -> None:
    """The code is well."""


BAD = [
    Bad("broken-reference", _appending(TOKENS, 'p { background: url("nowhere.png") }\n'), "collect", ("CW201",)),
    Bad("closed-directory", _new_directory, "files", ("CW416",), {"hooks": {"after_collect": CLOSED}}),
    Bad("closed-uploads", _modes_of_uploads, "check", ("CW610",)),
    Bad("settings-do-not-import", _appending(SETTINGS, "\nimport nowhere_at_all\n"), "check", ("CW110",)),
    Bad("urls-do-not-import", _appending("shop/urls.py", "\nimport nowhere_at_all\n"), "check", ("CW304",)),
    Bad("wsgi-does-not-import", _appending("shop/wsgi.py", "\nimport nowhere_at_all\n"), "check", ("CW304",)),
    Bad("app-is-not-ready", _appending("catalogue/apps.py", READY), "check", ("CW110", "CW304")),
    Bad("only-under-gunicorn", _appending("shop/wsgi.py", UNDER_GUNICORN), "reload", ("CW304",)),
    Bad(
        "key-is-not-the-server-s",
        _appending(SETTINGS, '\nos.environ["SHOP_KEY"]\n'),
        "reload",
        ("CW304",),
        environ={"SHOP_KEY": "1"},
    ),
    Bad("missing-by-tag", _in_the_page("<link href=\"{% static 'nowhere.css' %}\">"), "check", ("CW235",)),
    Bad("missing-by-path", _in_the_page('<img src="/static/nowhere.png" alt="">'), "trial", ("CW411",)),
    Bad("template-error", _in_the_page("{% nothing %}"), "trial", ("CW403",)),
    Bad(
        "page-fails",
        _appending("catalogue/views.py", "\nProductList.get_queryset = lambda self: 1 / 0\n"),
        "trial",
        ("CW403",),
    ),
    Bad("reload-fails", _nothing, "reload", routine={"reload": "echo the supervisor is away >&2; exit 3"}),
    Bad("no-store", _nothing, "publish", environ=NOWHERE, words=("--target", "s3://nobody/static")),
]
BY_NAME = {each.name: each for each in BAD}
