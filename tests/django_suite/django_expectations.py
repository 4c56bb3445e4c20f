"""The expectations of Django's tests that Clearway's storage answers in another way, for two reasons.

1. Only the octets of a URL are edited: quotes, white space and the form of an `@import` stay, which Django normalises.
   Digests of such files are recomputed: what the tests say is replaced by what follows from the edited file, after a
   check that the name of that file carries the digest of its octets.
2. What Django refuses is published: cycles, and style sheets that are not UTF-8. These tests are turned round.
"""

import importlib
import importlib.util
import re
import sys
import tempfile
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path
from typing import Any

from django import VERSION
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage as Stock
from django.test import override_settings

# by test: the pattern of what it expects, and what the source says; \x27 is a quote within any literal
AS_WRITTEN = {
    "test_template_tag_relative": (r'url\("(img/relative\.acae32e4532b\.png)"\)', r"url(\1)"),
    "test_import_replacement": (r'import url\("(styles\.\w+\.css)"\)', r"import \\x27\1\\x27"),
    "test_multi_extension_patterns": (r'import url\("(styles\.\w+\.css)"\)', r"import \\x27\1\\x27"),
    "test_css_source_map": (r"(99914b932bd3\.map) \*/", r"\1*/"),
    "test_css_source_map_tabs": (r"/\*# (sourceMappingURL=\S+99914b932bd3\.map) \*/", r"/*#\\t\1\\t*/"),
}
if VERSION >= (6, 1):
    AS_WRITTEN |= {
        "test_path_ignored_completely": (r'url\("(\S*/img/relative\.\w+\.png)"\)', r"url(\1)"),
        "test_module_import": (r'import"(\.\./nested/js/nested\.\w+\.js)";', r"import \\x27\1\\x27;"),
    }
REFUSED = ("test_import_loop", "test_post_processing_nonutf8")


def substitute(tests: str, ours: type[Stock]) -> None:
    """Import `staticfiles_tests.test_storage` with other expectations."""
    cases = importlib.import_module("staticfiles_tests.settings")
    patterns = importlib.import_module("staticfiles_tests.storage").ExtraPatternsStorage.patterns
    flavours = ({}, {"support_js_module_import_aggregation": True}, {"patterns": patterns})
    with override_settings(**cases.TEST_SETTINGS):
        digests = dict(pair for flavour in flavours for pair in changed_digests(flavour, ours))
    path = Path(tests, "staticfiles_tests", "test_storage.py")
    load("staticfiles_tests.test_storage", path, edited(path.read_text("utf-8"), digests))
    module = sys.modules["staticfiles_tests.test_storage"]
    for case in vars(module).values():
        for name in REFUSED:
            if isinstance(case, type) and name in vars(case):
                setattr(case, name, turned_round(vars(case)[name]))


def edited(text: str, digests: dict[str, str]) -> str:
    """The test module with our digests and with the quotes of the sources."""
    for django, own in digests.items():
        text = text.replace(django, own)
    for test, (expected, written) in AS_WRITTEN.items():
        start = text.index(f"    def {test}(")
        end = text.find("\n    def ", start)
        changed = re.sub(expected, written, text[start:end])
        assert changed != text[start:end], f"{test} does not expect {expected}"
        text = text[:start] + changed + text[end:]
    return text


def changed_digests(flavour: dict[str, Any], ours: type[Stock]) -> Iterator[tuple[str, str]]:
    """Django's digest and ours for each file whose names differ."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        django = published(type("Django", (Stock,), flavour), one)
        own = published(type("Own", (ours,), flavour), two)
        for name, django_name in django.items():
            if own[name] != django_name:
                root = name.rpartition("/")[2].rpartition(".")[0]
                own_digest = checked(digest(name, own[name]), Path(two, own[name]))
                yield f"{root}.{digest(name, django_name)}", f"{root}.{own_digest}"


def published(storage: type[Stock], folder: str) -> dict[str, str]:
    """The manifest of a collection of the test's files."""
    made, paths = storage(location=folder, base_url=settings.STATIC_URL), {}
    for finder in get_finders():
        for path, source in finder.list(["*.ignoreme", "CVS", ".*", "*~"]):
            prefix = getattr(source, "prefix", None)
            paths.setdefault(f"{prefix}/{path}" if prefix else path, (source, path))
    for name, (source, path) in paths.items():
        with source.open(path) as file:
            made.save(name, file)
    for _, _, outcome in made.post_process(paths):
        if isinstance(outcome, Exception):
            raise outcome
    return dict(made.hashed_files)


def digest(name: str, published_name: str) -> str:
    """The part of a published name that its logical name has not."""
    root = name.rpartition(".")[0]
    return published_name.removeprefix(f"{root}.").rpartition(".")[0]


def checked(digest: str, path: Path) -> str:
    """The digest, if it is Django's `file_hash` of the file."""
    expected = md5(path.read_bytes(), usedforsecurity=False).hexdigest()[:12]
    assert digest == expected, f"{path.name} has the digest {expected}"
    return digest


def turned_round(test: Any) -> Any:
    """The same test, which must now find that nothing was refused."""

    def succeeds(self: Any) -> None:
        try:
            test(self)
        except self.failureException as error:
            assert "not raised" in str(error), error
        else:
            self.fail("still refused")

    return succeeds


def load(name: str, path: Path, text: str) -> None:
    """A module from another text than that of its file."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(text, str(path), "exec"), vars(module))
