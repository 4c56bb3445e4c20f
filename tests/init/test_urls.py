"""The URLconf, before and after."""

from pathlib import Path

import pytest

pytest.importorskip("tokenize_rt", reason="needs tokenize-rt, of the extra init")

from clearway.init.source import Source
from clearway.init.urls import edit_urls

HEAD = "from django.contrib import admin\nfrom django.urls import path\n"
IMPORTS = "from django.conf import settings\nfrom django.conf.urls.static import static\n"
PATTERNS = '\nurlpatterns = [\n    path("admin/", admin.site.urls),\n]\n'
STATIC = "static(settings.STATIC_URL, document_root=settings.STATIC_ROOT)"
MEDIA = "static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)"
DEBUG = "\nif settings.DEBUG:\n"

OTHER = "    from django.contrib.staticfiles.urls import staticfiles_urlpatterns\n"

EDITED = {
    "nothing to do": (HEAD + PATTERNS, HEAD + PATTERNS),
    "a statement, and the imports for it": (IMPORTS + HEAD + PATTERNS + f"urlpatterns += {STATIC}\n", HEAD + PATTERNS),
    "an operand": (
        IMPORTS + HEAD + PATTERNS.rstrip() + f" + {STATIC} + {MEDIA}\n",
        IMPORTS + HEAD + PATTERNS.rstrip() + f" + {MEDIA}\n",
    ),
    "the first operand": (
        IMPORTS + HEAD + PATTERNS + f"urlpatterns += {STATIC} + {MEDIA}\n",
        IMPORTS + HEAD + PATTERNS + f"urlpatterns += {MEDIA}\n",
    ),
    "a block": (
        IMPORTS + HEAD + PATTERNS + DEBUG + f"    urlpatterns += {STATIC}\n",
        HEAD + PATTERNS,
    ),
    "one of two in a block": (
        IMPORTS + HEAD + PATTERNS + DEBUG + f"    urlpatterns += {STATIC}\n    urlpatterns += {MEDIA}\n",
        IMPORTS + HEAD + PATTERNS + DEBUG + f"    urlpatterns += {MEDIA}\n",
    ),
    "the other helper": (
        "from django.contrib.staticfiles.urls import staticfiles_urlpatterns\n"
        + HEAD
        + PATTERNS
        + "urlpatterns += staticfiles_urlpatterns()\n",
        HEAD + PATTERNS,
    ),
    "an import that something else needs": (
        IMPORTS + HEAD + PATTERNS + f"urlpatterns += {STATIC}\nprint(settings.DEBUG)\n",
        IMPORTS.splitlines(keepends=True)[0] + HEAD + PATTERNS + "print(settings.DEBUG)\n",
    ),
    "an import in a block": (
        IMPORTS
        + PATTERNS
        + DEBUG
        + OTHER
        + f"    urlpatterns += staticfiles_urlpatterns()\n    urlpatterns += {MEDIA}\n",
        IMPORTS + PATTERNS + DEBUG + f"    urlpatterns += {MEDIA}\n",
    ),
    "media only": (IMPORTS + HEAD + PATTERNS + f"urlpatterns += {MEDIA}\n",) * 2,
    "a view of their own": (HEAD + PATTERNS + 'urlpatterns += [path("static/<path:p>", serve)]\n',) * 2,
    "a function of that name": (
        "from shop import static\nurlpatterns = []\nurlpatterns += static(settings.STATIC_URL)\n",
    )
    * 2,
    "an else": (IMPORTS + PATTERNS + DEBUG + f"    urlpatterns += {STATIC}\nelse:\n    pass\n",) * 2,
    "parentheses": (IMPORTS + f"urlpatterns = ([]) + {STATIC}\n",) * 2,
}


@pytest.mark.parametrize(("before", "after"), EDITED.values(), ids=EDITED)
def test_patterns_for_static_files_go(before: str, after: str) -> None:
    assert edit_urls(Source(Path("urls.py"), before)).text == after
    assert edit_urls(Source(Path("urls.py"), after)).text == after
