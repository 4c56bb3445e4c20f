"""The order in which Caddy takes directives, whatever their order in the file."""

from collections.abc import Iterable

from clearway.fronts.directive import Directive
from clearway.fronts.errors import ConfigurationError

# Of Caddy 2.6; a directive that came later stands where it was put.
_ORDER = (
    *("tracing", "map", "vars", "fs", "root", "skip_log", "log_append", "log_skip", "log_name"),
    *("header", "copy_response_headers", "request_body"),
    *("redir", "method", "rewrite", "uri", "try_files"),
    *("basicauth", "basic_auth", "forward_auth", "request_header", "encode", "push", "intercept", "templates"),
    *("invoke", "handle", "handle_path", "route"),
    *("abort", "error", "copy_response", "respond", "metrics", "reverse_proxy", "php_fastcgi", "file_server"),
    "acme_server",
)


def order_of(options: Iterable[Directive]) -> dict[str, int]:
    """Places by name, with the option `order` obeyed. Raises ConfigurationError."""
    names = list(_ORDER)
    for option in options:
        if option.name != "order":
            continue
        if len(option.words) < 2 or option.words[1] not in {"first", "last", "before", "after"}:
            raise ConfigurationError("order takes a directive, and first, last, before or after", option.location)
        name, where = option.words[:2]
        if name in names:
            names.remove(name)
        if where in {"first", "last"}:
            names.insert(0 if where == "first" else len(names), name)
        elif option.words[2:] and option.words[2] in names:
            names.insert(names.index(option.words[2]) + (where == "after"), name)
    return {name: place for place, name in enumerate(names)}
