"""What differs between versions of nginx, as far as it decides a road or what is written: entries of its CHANGES."""

from dataclasses import dataclass

Version = tuple[int, ...]


def parsed(text: str) -> Version:
    """The numbers of `1.24.0`."""
    return tuple(int(each) for each in text.split("."))


@dataclass(frozen=True)
class Change:
    """One entry: the version that brought it, and what nginx does since then and before, as ends of a sentence.

    `also` are versions of older stable branches that brought it too.
    """

    since: str
    now: str
    before: str
    also: tuple[str, ...] = ()

    def is_in(self, version: Version) -> bool:
        """Whether a version has it."""
        ported = (parsed(each) for each in self.also)
        return version >= parsed(self.since) or any(version[:2] == each[:2] and version >= each for each in ported)


ESCAPED_SLASHES = Change(
    "1.21.0",
    "escapes special characters in the redirect that adds a slash",
    "writes the path as it is into the redirect that adds a slash",
)
MORE_ESCAPED = Change(
    "1.21.1",
    "escapes quotation marks, braces and all else that RFC 3986 does not allow in a path that it changed",
    "leaves quotation marks, braces and others in a path that it changed",
)
NO_SPACES = Change(
    "1.21.1",
    "answers 400 to spaces and control characters in the request line",
    "takes spaces and control characters in the request line",
)
NO_SPACES_IN_HOST = Change(
    "1.21.1",
    "answers 400 to spaces and control characters in Host",
    "takes spaces and control characters in Host",
)
NO_CONNECT = Change("1.21.1", "answers 405 to CONNECT", "takes CONNECT as any method")
JOINED_FIELDS = Change(
    "1.23.0",
    "joins header fields of one name in a variable $sent_http_NAME",
    "has the first of several header fields of one name in a variable $sent_http_NAME",
)
LONG_LOCATIONS = Change(
    "1.23.4",
    "finds locations whose prefix is longer than 255 octets",
    "may take a wrong location where a prefix is longer than 255 octets",
)
HTTP2_DIRECTIVE = Change("1.25.1", "has the directive http2", "has http2 as a word of listen only")
BRACKETED_CLIENT = Change(
    "1.27.3",
    "takes an IPv6 address in brackets without a port for the client's",
    "takes no client's address in brackets without a port",
)
EARLY_HINTS = Change("1.29.0", "sends Early Hints on", "has no Early Hints")
REQUEST_PORT = Change("1.29.3", "has $request_port and $is_request_port", "has no $request_port")
CONNECT_NAMES_HOST = Change(  # not in CHANGES: came with $request_port
    "1.29.3", "answers 400 to CONNECT with a path", "answers 405 to CONNECT with a path"
)
STRICT_HOST = Change(
    "1.29.4",
    "answers 400 to a Host that RFC 3986 does not allow",
    "takes nearly every visible character in Host",
)
SHORT_PATHS = Change(
    "1.29.4",
    "hands on a path that try_files made shorter than its location",
    "breaks at a path that try_files made shorter than its location",
    ("1.28.1",),
)
PLAIN_COMMAS = Change(
    "1.29.6", "reads a comma in Cookie as part of a value", "takes a comma in Cookie for the end of a pair"
)
WHOLE_SPLITS = Change(
    "1.31.2",
    "gives the rest of 100 % to the last part of split_clients",
    "may leave a variable of split_clients empty though its parts are 100 %",
)
PREDICATES = Change("1.31.5", "takes `location $variable` for a condition", "takes `location $variable` for a prefix")

CHANGES = (
    ESCAPED_SLASHES, MORE_ESCAPED, NO_SPACES, NO_SPACES_IN_HOST, NO_CONNECT, JOINED_FIELDS, LONG_LOCATIONS,
    HTTP2_DIRECTIVE, BRACKETED_CLIENT, EARLY_HINTS, REQUEST_PORT, CONNECT_NAMES_HOST, STRICT_HOST, SHORT_PATHS,
    PLAIN_COMMAS, WHOLE_SPLITS, PREDICATES,
)  # fmt: skip

# Versions on which roads were compared with the real server, and each change seen that falls between two of them.
COMPARED = ("1.18.0", "1.22.1", "1.26.3", "1.30.6")

# Directives of `http { }`, and words of listen, by the version that brought them; an older nginx refuses them.
# max_headers (1.29.8) is not here: distributions have it in older versions.
DIRECTIVES = {
    "ssl_ocsp": "1.19.0", "ssl_ocsp_cache": "1.19.0", "ssl_ocsp_responder": "1.19.0",
    "proxy_cookie_flags": "1.19.3", "userid_flags": "1.19.3",
    "ssl_conf_command": "1.19.4", "proxy_ssl_conf_command": "1.19.4", "grpc_ssl_conf_command": "1.19.4",
    "uwsgi_ssl_conf_command": "1.19.4", "ssl_reject_handshake": "1.19.4",
    "keepalive_time": "1.19.10",
    "mp4_start_key_frame": "1.21.4",
    "listen quic": "1.25.0", "http3": "1.25.0", "http3_hq": "1.25.0", "quic_retry": "1.25.0",
    "http2": HTTP2_DIRECTIVE.since,
    "proxy_pass_trailers": "1.27.2",
    "keepalive_min_timeout": "1.27.4", "ssl_certificate_cache": "1.27.4", "ssl_object_cache_inheritable": "1.27.4",
    "proxy_ssl_certificate_cache": "1.27.4",
    "early_hints": EARLY_HINTS.since,
    "ssl_certificate_compression": "1.29.1",
    "add_header_inherit": "1.29.3", "add_trailer_inherit": "1.29.3",
    "ssl_ech_file": "1.29.4",
    "listen multipath": "1.29.7",
    "tunnel_pass": "1.31.0",
    "client_body_early_read": "1.31.5",
}  # fmt: skip
# Those that a version has dropped.
DROPPED = {"ssl": "1.25.1"}
