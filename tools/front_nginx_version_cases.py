"""Requests that versions of nginx answer differently, or might, with what each does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clearway.fronts.nginx import versions
from clearway.fronts.nginx.versions import Change, Version, parsed
from tools import front_people
from tools.front_case import Case, Entry, Request

REFUSED, UNKNOWN = "refused", "unknown"
BROKEN = "*"  # whatever an older version does, which is not foretold
ENTRIES = (Entry("é", is_directory=True), Entry("a.css"))


@dataclass(frozen=True)
class VersionCase:
    """The inside of a server, one request, and what is told of the answer: by `before` and since `after` a version.

    `looks_at` is `status`, `upstream` (what it is asked for) or a header field.
    """

    since: str
    text: str
    target: str
    looks_at: str
    before: str
    after: str
    method: str = "GET"
    host: str = "localhost"
    fields: Mapping[str, str] = field(default_factory=dict)
    change: Change | None = None

    def __str__(self) -> str:
        return f"{self.since} {self.text[:60]} {self.method} {self.host} {self.target[:30]}"

    @property
    def request(self) -> Request:
        """The one request."""
        return Request(self.method, self.host, self.target, self.fields)

    @property
    def case(self) -> Case:
        """For the bench."""
        inside = front_people.parse(f"server {{ listen @P@; root @D@; {self.text} }}")
        return Case((), inside, ENTRIES, (self.request,), self.text)

    def expected(self, version: Version) -> str:
        """Of a version of nginx."""
        is_in = self.change.is_in(version) if self.change else version >= parsed(self.since)
        return self.after if is_in else self.before


def _case(change: Change, target: str, inside: str, looks_at: str, before: str, after: str, **more: Any) -> VersionCase:
    return VersionCase(change.since, inside, target, looks_at, before, after, change=change, **more)


def _host(host: str, after: str) -> VersionCase:
    return _case(versions.STRICT_HOST, "/", "return 204;", "status", "204", after, host=host)


_UP = "location /a/ { proxy_pass http://@A@/b/; }"
_REWRITTEN = "location / { rewrite ^/a/(.*)$ /b?x=$1 break; proxy_pass http://@A@; }"
_SET = "location ~ ^/a/(.*) { set $v $1; add_header X-V $v; return 200; }"
_TWICE = "add_header %s 1; add_header %s 2; add_header X-V %s; return 200;"
_CLIENT = 'set_real_ip_from 127.0.0.1; add_header X-V "$remote_addr"; return 200;'
_LONG = f"/{'a' * 300}"
_COOKIE = {"Cookie": "a=1, b=2; c=3"}
CASES = (
    _case(versions.ESCAPED_SLASHES, "/%C3%A9", "", "location", "/é/", "/%C3%A9/"),
    _case(versions.ESCAPED_SLASHES, "/%C3%A9?x=1", "", "location", "/é/?x=1", "/%C3%A9/?x=1"),
    _case(
        versions.ESCAPED_SLASHES, "/é?x", "location /é/ { proxy_pass http://@A@; }", "location", "/é/?x", "/%C3%A9/?x"
    ),
    _case(versions.MORE_ESCAPED, "/a/%22%3C%3E%5C%5E", _UP, "upstream", '/b/"<>\\^', "/b/%22%3C%3E%5C%5E"),
    _case(versions.MORE_ESCAPED, "/a/%60%7B%7C%7D", _UP, "upstream", "/b/`{|}", "/b/%60%7B%7C%7D"),
    _case(versions.MORE_ESCAPED, "/a/%25%20%3F%23%C3", _UP, "upstream", "/b/%25%20%3F%23%C3", "/b/%25%20%3F%23%C3"),
    _case(versions.MORE_ESCAPED, "/a/%22%7B%2B", _REWRITTEN, "upstream", '/b?x="{%2B', "/b?x=%22%7B%2B"),
    _case(versions.MORE_ESCAPED, "/a/%7C", _SET, "x-v", "|", "%7C"),
    _case(versions.NO_SPACES, "/a b", "location / { proxy_pass http://@A@; }", "upstream", "/a%20b", "400"),
    _case(versions.NO_SPACES, "/a\tb", "return 204;", "status", "204", "400"),
    _case(versions.NO_SPACES, "/a Hb", "return 204;", "status", "400", "400"),
    _case(versions.NO_SPACES_IN_HOST, "/", "return 204;", "status", "204", "400", host="a b"),
    _case(versions.CONNECT_NAMES_HOST, "/", "", "status", "405", "400", method="CONNECT"),
    _case(versions.JOINED_FIELDS, "/", _TWICE % ("X-A", "X-A", "$sent_http_x_a"), "x-v", "1", "1, 2"),
    _case(versions.JOINED_FIELDS, "/", _TWICE % ("Link", "Link", "$sent_http_link"), "x-v", "1, 2", "1, 2"),
    _case(versions.LONG_LOCATIONS, _LONG, f"location {_LONG} {{ return 204; }}", "status", BROKEN, "204"),
    VersionCase("1.25.1", "http2 on; return 204;", "/", "status", REFUSED, "204"),
    VersionCase("1.25.1", "ssl off; return 204;", "/", "status", "204", REFUSED),
    _case(versions.BRACKETED_CLIENT, "/", _CLIENT, "x-v", "127.0.0.1", "::5", fields={"X-Real-IP": "[::5]"}),
    _case(versions.BRACKETED_CLIENT, "/", _CLIENT, "x-v", "::5", "::5", fields={"X-Real-IP": "[::5]:8"}),
    VersionCase("1.29.0", "early_hints 1; return 204;", "/", "status", REFUSED, "204"),
    VersionCase("1.29.3", "add_header_inherit merge; add_header X-V 2; return 200;", "/", "x-v", REFUSED, "2"),
    _case(versions.REQUEST_PORT, "/", "if ($is_request_port) { return 204; }", "status", BROKEN, "204"),
    *(
        _host(host, "400")
        for host in ('a"b', "a<b", "a{b", "a|b", "a^b", "a`b", "a\\b", "a@b", "a?b", "a#b", "ü", "a[b", "a]b")
    ),
    *(
        _host(host, "204")
        for host in ("a_b", "a!b", "a$b", "a&b", "a'b", "a(b)", "a*b", "a+b", "a,b", "a;b", "a=b", "a~b")
    ),
    *(_host(host, "204") for host in ("a%41b", "[::1]", "[v1.x]", "a.b.", "-a")),
    _case(
        versions.SHORT_PATHS,
        "/static/long/x",
        "location /static/long/ { try_files /a.css =404; proxy_pass http://@A@/b/; }",
        "upstream",
        BROKEN,
        "/b/",
    ),
    _case(
        versions.PLAIN_COMMAS, "/", "if ($cookie_b) { return 204; } return 418;", "status", "204", "418", fields=_COOKIE
    ),
    _case(
        versions.PLAIN_COMMAS, "/", "if ($cookie_c) { return 204; } return 418;", "status", "204", "204", fields=_COOKIE
    ),
    _case(
        versions.PREDICATES,
        "/?x=1",
        "location $arg_x { return 204; } location / { return 418; }",
        "status",
        "418",
        BROKEN,
    ),
)
