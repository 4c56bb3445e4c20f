"""Middleware that answers requests, or changes answers, before the one that serves files has its turn."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.module_loading import import_string

_DJANGO = {
    "django.contrib.sessions.middleware.SessionMiddleware": "opens a session for every file",
    "django.contrib.auth.middleware.AuthenticationMiddleware": "is for pages: files need no user",
    "django.contrib.auth.middleware.LoginRequiredMiddleware": "demands a login",
    "django.contrib.auth.middleware.RemoteUserMiddleware": "logs in for every file",
    "django.contrib.auth.middleware.PersistentRemoteUserMiddleware": "logs in for every file",
    "django.contrib.messages.middleware.MessageMiddleware": "looks at messages for every file",
    "django.middleware.cache.CacheMiddleware": "answers from the cache, and puts files there",
    "django.middleware.cache.FetchFromCacheMiddleware": "answers from the cache",
    "django.middleware.cache.UpdateCacheMiddleware": "puts files into the cache, and changes their Cache-Control",
    "django.middleware.common.CommonMiddleware": "redirects, and refuses hosts and user agents",
    "django.middleware.csrf.CsrfViewMiddleware": "is for pages: files need no token",
    "django.middleware.gzip.GZipMiddleware": "compresses every answer again, and takes its length away",
    "django.middleware.http.ConditionalGetMiddleware": "makes an ETag of every answer",
    "django.middleware.locale.LocaleMiddleware": "adds Content-Language and Vary: Accept-Language",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware": "answers for what is missing",
    "django.contrib.redirects.middleware.RedirectFallbackMiddleware": "answers for what is missing",
    "django.contrib.sites.middleware.CurrentSiteMiddleware": "asks the database for the site",
}
_GUARDS = re.compile(r"login_?required|require_?login|basic_?auth|stronghold|maintenance_?mode", re.IGNORECASE)
_ANSWERS = re.compile(r"HttpResponse\w*|JsonResponse|TemplateResponse|render|redirect|redirect_to_login")


def hasty(above: Sequence[str]) -> Mapping[str, str]:
    """Those of the middleware above, with what they do."""
    return {name: why for name in above if (why := _DJANGO.get(name) or _guard(name) or _of_project(name))}


def _guard(name: str) -> str:
    return "answers for visitors that it does not let in" if _GUARDS.search(name) else ""


def _of_project(name: str) -> str:
    """For middleware of the project itself that answers on its own account, whatever the path."""
    try:
        made: Any = import_string(name)
        file = inspect.getsourcefile(made) or ""
        tree = ast.parse(textwrap.dedent(inspect.getsource(made)))
    except (ImportError, OSError, SyntaxError, TypeError, ValueError):
        return ""
    if "-packages" in file or file.startswith("<") or "/lib/python" in file:
        return ""
    return "answers requests itself" if any(_answers(tree)) and not _is_selective(tree) else ""


def _answers(tree: ast.AST) -> Iterator[ast.Return]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
            name = ast.unparse(node.value.func).rpartition(".")[2]
            if _ANSWERS.fullmatch(name):
                yield node


def _is_selective(tree: ast.AST) -> bool:
    """Whether it answers certain requests only, as a health check does; `!=` and `not` are all the others."""
    tests = [ast.unparse(node.test) for node in ast.walk(tree) if isinstance(node, ast.If | ast.IfExp)]
    about = [test for test in tests if "request." in test]
    return bool(about) and not any(re.search(r"!=|\bnot\b|\bis None\b", test) for test in about)
