"""wsgi.py and asgi.py, before and after."""

from pathlib import Path

import pytest

pytest.importorskip("tokenize_rt", reason="needs tokenize-rt, of the extra init")

from clearway.init.applications import edit_application
from clearway.init.source import Source, spliced

HEAD = """import os

from django.core.wsgi import get_wsgi_application
"""
TAIL = """
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

application = get_wsgi_application()
"""
ASGI = HEAD.replace("wsgi", "asgi"), TAIL.replace("wsgi", "asgi")

EDITED = {
    "nothing around it": (HEAD + TAIL, HEAD + TAIL),
    "a wrapper that only the middleware's work is left to": (
        HEAD + "from whitenoise import WhiteNoise\n" + TAIL + "application = WhiteNoise(application)\n",
        HEAD + TAIL,
    ),
    "the same with a comment": (
        HEAD
        + "from whitenoise.django import DjangoWhiteNoise\n"
        + TAIL
        + "\n# WhiteNoise serves static files\napplication = DjangoWhiteNoise(application)\n\nprint(1)\n",
        HEAD + TAIL + "\nprint(1)\n",
    ),
    "in one expression": (
        HEAD + "from whitenoise import WhiteNoise\n\napplication = WhiteNoise(get_wsgi_application())\n",
        HEAD + "\napplication = get_wsgi_application()\n",
    ),
    "a wrapper with files of its own": (
        HEAD
        + "from whitenoise import WhiteNoise\n"
        + TAIL
        + 'application = WhiteNoise(application, root="/srv/site", prefix="files/")\n',
        HEAD
        + "from clearway.wsgi import Clearway\n"
        + TAIL
        + 'application = Clearway(application, root="/srv/site", prefix="files/")\n',
    ),
    "files added later": (
        HEAD
        + "from whitenoise.base import WhiteNoise as Files\n"
        + TAIL
        + 'application = Files(application)\napplication.add_files("/srv/more", prefix="more/")\n',
        HEAD
        + "from clearway.wsgi import Clearway\n"
        + TAIL
        + 'application = Clearway(application)\napplication.add_files("/srv/more", prefix="more/")\n',
    ),
    "ServeStatic over ASGI": (
        ASGI[0]
        + "from servestatic import ServeStaticASGI\n"
        + ASGI[1]
        + 'application = ServeStaticASGI(application, "/srv")\n',
        ASGI[0] + "from clearway.asgi import Clearway\n" + ASGI[1] + 'application = Clearway(application, "/srv")\n',
    ),
}

REFUSED = {
    "a class of its own": (
        "from whitenoise import WhiteNoise\n\n\nclass Mine(WhiteNoise):\n    pass\n",
        "4 WhiteNoise is used here as more than a wrapper",
    ),
    "the package": (
        "import whitenoise\n\napplication = whitenoise.WhiteNoise(None)\n",
        "1 the package is imported as a whole",
    ),
    "something else of it": ("from whitenoise.compress import main\n", "1 more than its wrapper is imported"),
    "an import that may not happen": (
        "try:\n    from whitenoise import WhiteNoise\nexcept ImportError:\n    pass\n",
        "2 more than its wrapper is imported",
    ),
    "both kinds at once": (
        (
            "from servestatic import ServeStatic, ServeStaticASGI\n\n"
            'a = ServeStatic(None, "/a")\nb = ServeStaticASGI(None, "/b")\n'
        ),
        "3 two wrappers are used here",
    ),
}


def edited(text: str) -> tuple[str, list[str]]:
    source = Source(Path("wsgi.py"), text)
    splices, refusals = edit_application(source)
    return spliced(text, splices), [f"{each.line} {each.reason}" for each in refusals]


@pytest.mark.parametrize(("before", "after"), EDITED.values(), ids=EDITED)
def test_a_wrapper_goes_or_is_replaced(before: str, after: str) -> None:
    assert edited(before) == (after, [])
    assert edited(after) == (after, [])


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_more_than_a_wrapper_is_left_to_a_person(text: str, reason: str) -> None:
    assert edited(text) == (text, [reason])
