"""The variables that nginx itself knows, and where the others come from."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from clearway.fronts.nginx import names, paths, tables
from clearway.fronts.nginx.versions import JOINED_FIELDS, PLAIN_COMMAS, REQUEST_PORT
from clearway.fronts.regex import Regex
from clearway.fronts.unknowable import Unknowable

if TYPE_CHECKING:
    from clearway.fronts.nginx.request import Request

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LISTS = frozenset({"cache_control", "link"})  # of which every version sees all
_LATER = frozenset({"content_length", "connection", "keep_alive", "transfer_encoding"})  # told by the connection


def value(request: "Request", name: str) -> str:
    """Of a variable that the request has not set yet; kept where nginx keeps it. Raises Unknowable."""
    definition = request.server.configuration.http.definitions.get(name)
    if definition:
        found = tables.EVALUATORS[definition.name](definition, request)
        if not any(each.name == "volatile" for each in definition.block or ()):
            request.values[name] = found
        return found
    if name in BUILT_IN:
        return BUILT_IN[name](request)
    for prefix, read in BY_PREFIX.items():
        if name.startswith(prefix):
            return read(request, name.removeprefix(prefix))
    if name in request.server.configuration.http.declared:
        return ""
    raise Unknowable(f"the value of ${name} is not known from the configuration.")


def http_host(request: "Request") -> str:
    """The Host header as a client sends it."""
    visit = request.visit
    if "host" in visit.fields:  # one that was refused
        return visit.fields["host"]
    usual = _DEFAULT_PORTS.get(visit.scheme) == visit.port
    return visit.host if usual or not visit.host else f"{visit.host}:{visit.port}"


def host(request: "Request") -> str:
    """`$host`: of the Host header, in lower case, without port and last dot; else the server's name."""
    return request.visit.host.lower().removesuffix(".") or server_name(request)


def server_name(request: "Request") -> str:
    """The server's first name; of `.suffix` without the dot."""
    name = request.server.names[0]
    name = name if name.startswith("~") else name.lower()
    return names.hostname() if name == "$hostname" else name.removeprefix(".")


def _header(request: "Request", name: str) -> str:
    wanted = name.replace("_", "-")
    return http_host(request) if wanted == "host" else request.visit.fields.get(wanted, "")


def _argument(request: "Request", name: str) -> str:
    found = re.search(rf"(?:^|&){re.escape(name)}=([^&]*)", request.arguments, re.IGNORECASE)
    return found[1] if found and name else ""


def _cookie(request: "Request", name: str) -> str:
    """As ngx_http_parse_multi_header_lines finds it, which overlooks the pair behind a name without a value."""
    text, at = request.visit.fields.get("cookie", ""), 0
    key = re.compile(f"{re.escape(name)} *", re.IGNORECASE)
    end = re.compile("; *" if "," not in text or request.does(PLAIN_COMMAS) else "[;,] *")
    while at < len(text):
        found = key.match(text, at)
        if found:
            at = found.end() + 1
            if text[found.end() : at] == "=":
                return text[at:].lstrip(" ").partition(";")[0]
        behind = end.search(text, at)
        at = behind.end() if behind else len(text)
    return ""


def _request_port(request: "Request") -> str:
    """The port that the Host header names."""
    if not request.does(REQUEST_PORT):
        raise Unknowable(f"nginx before {REQUEST_PORT.since} {REQUEST_PORT.before}.")
    return http_host(request).removeprefix(request.visit.host).removeprefix(":")


def _sent(request: "Request", name: str) -> str:
    """Of a header field of the answer."""
    if name in _LATER:
        raise Unknowable(f"the value of $sent_http_{name} is not known before the request.")
    values = request.sent.get(name.replace("_", "-"), [])
    if len(values) > 1 and name not in _LISTS and not request.does(JOINED_FIELDS):
        return values[0]
    return ", ".join(values)


def _nothing(_: "Request", __: str) -> str:
    return ""


def _hidden(what: str) -> Callable[["Request"], str]:
    def read(_: "Request") -> str:
        raise Unknowable(f"{what} is not known before the request.")

    return read


def _hidden_prefix(prefix: str) -> Callable[["Request", str], str]:
    def read(_: "Request", name: str) -> str:
        raise Unknowable(f"the value of ${prefix}{name} is not known before the request.")

    return read


def _file_name(request: "Request") -> str:
    try:
        return paths.name(request)
    except paths.NotMapped:
        return ""


def _server_address(request: "Request") -> str:
    if request.visit.address:
        return request.visit.address
    address = request.choice.listen.address
    if address in {"*", "[::]"}:
        raise Unknowable("the address that is connected to is not known.")
    return address


def _script(request: "Request") -> tuple[str, str]:
    """Script and what follows it, by `fastcgi_split_path_info`, once; a directory's script is `fastcgi_index`."""
    rules = request.scope.nearest("fastcgi_split_path_info")
    if request.script is None or not rules:
        match = Regex(rules[-1].words[0]).match(request.path) if rules else None
        groups = (*match.groups, "", "") if match else (request.path, "")
        request.script = (groups[0], groups[1])
    name, info = request.script
    return name + (request.scope.word("fastcgi_index") if name.endswith("/") else ""), info


def _user(request: "Request") -> str:
    import base64
    import binascii

    scheme, _, coded = request.visit.fields.get("authorization", "").partition(" ")
    try:
        text = base64.b64decode(coded).decode("utf-8", "surrogateescape") if scheme.lower() == "basic" else ""
    except binascii.Error:
        return ""
    return text.partition(":")[0]


def _protocol(request: "Request") -> str:
    if not request.visit.target:
        raise Unknowable("The request line is broken: how far nginx reads it decides $server_protocol.")
    return "HTTP/1.1"


BUILT_IN: dict[str, Callable[["Request"], str]] = {
    "args": lambda request: request.arguments,
    "query_string": lambda request: request.arguments,
    "is_args": lambda request: "?" if request.arguments else "",
    "uri": lambda request: request.path,
    "document_uri": lambda request: request.path,
    "request_uri": lambda request: request.visit.target,
    "request": lambda request: f"{request.visit.method} {request.visit.target} HTTP/1.1",
    "request_method": lambda request: request.visit.method if request.is_subrequest else request.method,
    "request_filename": _file_name,
    "document_root": paths.root,
    "realpath_root": paths.real_root,
    "scheme": lambda request: request.visit.scheme,
    "https": lambda request: "on" if request.visit.scheme == "https" else "",
    "host": host,
    "hostname": lambda _: names.hostname(),
    "server_name": server_name,
    "server_port": lambda request: str(request.visit.port),
    "server_addr": _server_address,
    "server_protocol": _protocol,
    "remote_addr": lambda request: request.client,
    "realip_remote_addr": lambda request: request.visit.client,
    "remote_user": _user,
    "content_length": lambda request: request.visit.fields.get("content-length", ""),
    "content_type": lambda request: request.visit.fields.get("content-type", ""),
    "proxy_add_x_forwarded_for": lambda request: ", ".join(
        filter(None, [request.visit.fields.get("x-forwarded-for", ""), request.client])
    ),
    "fastcgi_script_name": lambda request: _script(request)[0],
    "fastcgi_path_info": lambda request: _script(request)[1],
    "request_port": _request_port,
    "is_request_port": lambda request: ":" if _request_port(request) else "",
    "invalid_referer": tables.invalid_referer,
    "limit_rate": lambda _: "0",
    "status": lambda request: str(request.status or ""),
    "pipe": lambda _: ".",
    "request_body": lambda _: "",
    "request_completion": lambda _: "",
    "ssl_server_name": lambda request: host(request) if request.visit.scheme == "https" else "",
    **{
        name: _hidden(f"the value of ${name}")
        for name in (
            "binary_remote_addr", "connection", "connection_requests", "msec", "nginx_version", "pid", "remote_port",
            "request_id", "request_length", "request_time", "time_iso8601", "time_local", "upstream_addr",
            "upstream_status", "bytes_sent", "body_bytes_sent", "gzip_ratio", "secure_link",
            "secure_link_expires", "modern_browser", "ancient_browser", "msie", "uid_got", "uid_set", "uid_reset",
        )
    },
}  # fmt: skip

BY_PREFIX: dict[str, Callable[["Request", str], str]] = {
    "arg_": _argument,
    "cookie_": _cookie,
    "http_": _header,
    "sent_http_": _sent,
    "sent_trailer_": _nothing,
    **{
        prefix: _hidden_prefix(prefix)
        for prefix in ("geoip_", "geoip2_", "upstream_", "ssl_", "proxy_protocol_", "jwt_", "date_", "tcpinfo_")
    },
}
