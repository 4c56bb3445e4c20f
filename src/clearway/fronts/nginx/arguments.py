"""Directives that nginx refuses without arguments."""

from collections.abc import Iterable

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError

_LEAST = {
    **dict.fromkeys(("root", "alias", "listen", "location", "upstream", "return", "expires", "if"), 1),
    **dict.fromkeys(("proxy_pass", "uwsgi_pass", "scgi_pass", "fastcgi_pass", "default_type"), 1),
    **dict.fromkeys(("client_max_body_size", "client_body_temp_path", "auth_basic", "disable_symlinks"), 1),
    **dict.fromkeys(("try_files", "rewrite", "add_header", "proxy_set_header", "set", "error_page", "map"), 2),
}
_TABLES = frozenset({"map", "geo", "types", "charset_map", "split_clients"})  # their lines are no directives


def count(directives: Iterable[Directive]) -> None:
    """Raises ConfigurationError for the first that has too few."""
    for each in directives:
        if len(each.words) < _LEAST.get(each.name, 0):
            raise ConfigurationError(f'invalid number of arguments in "{each.name}" directive', each.location)
        if each.block and each.name not in _TABLES:
            count(each.block)
