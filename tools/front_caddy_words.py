"""The directives and matchers of a Caddyfile by the dice, without what stands around them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tools.front_case import Node
from tools.front_words import Draft, table, words

PATHS = words("""
    /* /static/* /static/* /static /static* /media/* /media/* /app/* /a/* /*.css *.css *.js /static/*.css */a.css
    /index.html / /favicon.ico *admin* /a/b/* /STATIC/* /docs/* /api/* /s* /*/a.css /static/css/* /%61/* /st?tic/*
""")
_ROOTS = words("""
    site site site/static static static media html @D@ site/ dist {host} site{http.vars.x}
""")
_MATCHERS = table(r"""
    path /static/* /media/*
    path *.css *.js
    path / /index.html
    path_regexp ^/static/(.*)$
    path_regexp v ^/(?P<dir>[a-z]+)/(?P<rest>.+)$
    path_regexp name \.(css|js)$
    path_regexp (?i)^/STATIC/
    path_regexp \.[0-9a-f]{12}\.
    path_regexp ^/a$
    not path /static/*
    not path *.css *.png
    not method GET
    host localhost www.test
    host *.test
    method GET HEAD
    method POST
    header X-Kind static
    header X-Kind *
    header !Cookie
    header Accept *html*
    header_regexp k X-Kind ^(st|me)
    query v=one
    query v=*
    file
    file {path} {path}/index.html
    file {path}.html
    file a.css
    file {path}/
    protocol http
    protocol https
    remote_ip 127.0.0.9
    remote_ip private_ranges
    vars root nothing
    not file
""")
TRIED = table("""
    {path} /index.html
    {path} {path}/ /index.html
    {path} {path}.html
    {path}.html {path} =404
    {path} /a.css?x={path}&{query}
    {path} =404
    /static{path} {path}
    {path}/index.html {path}
    {path} /app/
    {file} {path}
    index.html
    {path} /page.html?from={uri}
    /missing {path}.gz =410
""")
_URIS = table(r"""
    strip_prefix /static
    strip_prefix static
    strip_prefix /a/b
    strip_suffix .html
    strip_suffix /
    replace /static/ /media/
    replace a b 1
    path_regexp /{2,} /
    path_regexp ^/([a-z]+)/(.*)$ /$2
    path_regexp \.css$ .js
""")
_REWRITES = words("""
    /index.html /static{uri} {path}/ /a.css?v=one /static{path} ?x=1 {path}?{query}&y={path} /static/a.css#top
    {http.regexp.v.rest} /{re.v.rest} /{re.name.1} /media/{file} {uri} /{labels.0}{path} /x{dir}{file.base}{file.ext}
""")
_REDIRECTS = table("""
    /new/
    /new permanent
    https://www.test{uri} 308
    {path}/ temporary
    /other{uri} 307
    https://{host}{path} 301
    {http.request.orig_uri}x
    /gone 303
""")
_HEADERS = table("""
    X-One one
    X-Two "two {path}"
    +X-One more
    -X-One
    -ETag
    -Last-Modified
    Cache-Control "public, max-age=60"
    Cache-Control no-store
    ?Cache-Control "max-age=3600"
    ?X-One default
    X-One on? off
    -X-O*
    -*-One
    -*-T*
    X-One {http.regexp.v.dir}
    X-Two {re.name.1}
    Access-Control-Allow-Origin *
    X-Content-Type-Options nosniff
    Vary Origin
    +Vary Cookie
    Content-Type text/x-own
    ETag "W/own"
    X-Two {header.X-Kind}-{query.v}-{cookie.who}-{path.1}-{host}-{method}-{scheme}
""")
_RESPONSES = table("""
    404
    "a text"
    "a {path}" 200
    "gone" 410
    204
    "{not json}" 403
    `{"a": 1}`
    "" 503
    {err.status_code}
""")


@dataclass
class Author(Draft):
    """A case that is being written, with the matchers that have a name where it is."""

    matchers: list[str] = field(default_factory=list)
    count: int = 0

    def matcher(self, share: float = 0.6) -> tuple[str, ...]:
        """A word for the place of a matcher, or none."""
        if not self.chance(share):
            return ("*",) if self.chance(0.05) else ()
        if self.matchers and self.chance(0.45):
            return (self.pick(self.matchers),)
        return (self.pick([each for each in PATHS if each.startswith("/")]),)


def definition(author: Author) -> Node:
    author.count += 1
    name = f"@m{author.count}"
    author.matchers.append(name)
    if author.chance(0.7):
        return Node(name, author.pick(_MATCHERS))
    # Tests are asked in no order: those that also set placeholders stand alone.
    plain = [each for each in _MATCHERS if "regexp" not in each[0] and each[0] != "file"]
    lines = {each[0]: each for each in (author.pick(plain) for _ in range(2))}
    return Node(name, (), tuple(Node(each[0], each[1:]) for each in lines.values()))


def root(author: Author) -> str:
    base = author.pick(_ROOTS)
    if base == "@D@":
        return base
    return f"@R@/{base}" if author.chance(0.12) else f"@D@/{base}"


def server_block(author: Author) -> tuple[Node, ...]:
    lines = []
    if author.chance(0.35):
        lines.append(
            Node("precompressed", author.pick([("br", "gzip"), ("gzip",), ("zstd", "br", "gzip"), ("gzip", "br")]))
        )
    if author.chance(0.2):
        lines.append(Node("index", author.pick([("page.html",), ("a.css", "index.html"), ("index.html", "404.html")])))
    if author.chance(0.25):
        lines.append(
            Node(
                "hide",
                author.pick(
                    table("""
            .* *.gz
            a.css
            @D@/site/static
            secret
            *.html
            @D@/*/a.css
            ./@R@/site
        """)
                ),
            )
        )
    if author.chance(0.12):
        lines.append(Node("status", (author.pick(["404", "410", "{err.status_code}", "203"]),)))
    if author.chance(0.12):
        lines.append(Node("disable_canonical_uris"))
    if author.chance(0.15):
        lines.append(Node("pass_thru"))
    if author.chance(0.15):
        lines.append(Node("root", (root(author),)))
    if author.chance(0.1):
        lines.append(Node("browse"))
    return tuple(lines)


def file_server(author: Author) -> Node:
    block = server_block(author) if author.chance(0.5) else ()
    browse = ("browse",) if author.chance(0.08) and not any(each.name == "browse" for each in block) else ()
    return Node("file_server", (*author.matcher(0.35), *browse), block or None)


def header(author: Author) -> Node:
    matcher = author.matcher(0.5)
    if author.chance(0.6):
        return Node("header", (*matcher, *author.pick(_HEADERS)))
    lines = [author.pick(_HEADERS) for _ in range(author.random.randint(1, 3))]
    block = [Node(each[0], each[1:]) for each in lines]
    defers = author.chance(0.4) and any(not each.name.startswith("?") for each in block)
    return Node("header", matcher, tuple(block + ([Node("defer")] if defers else [])))


def respond(author: Author) -> Node:
    return Node("respond", (*author.matcher(0.8), *author.pick(_RESPONSES)))


def redir(author: Author) -> Node:
    matcher = author.matcher(0.85)
    return Node("redir", ((matcher or ("*",)) + author.pick(_REDIRECTS)))


def rewrite(author: Author) -> Node:
    return Node("rewrite", ((author.matcher(0.7) or ("*",)) + (author.pick(_REWRITES),)))


def uri(author: Author) -> Node:
    return Node("uri", (*author.matcher(0.6), *author.pick(_URIS)))


def try_files(author: Author) -> Node:
    policy = Node("policy", (author.pick(["first_exist", "largest_size", "smallest_size", "most_recently_modified"]),))
    tried = author.pick(TRIED)
    has_policy = author.chance(0.12) and not any(each.startswith("=") for each in tried)
    return Node("try_files", tried, (policy,) if has_policy else None)


def proxy(author: Author) -> Node:
    lines = []
    if author.chance(0.15):
        lines.append(Node("rewrite", (author.pick(["/up{uri}", "{path}?x=1", "/one"]),)))
    if author.chance(0.1):
        lines.append(Node("header_up", ("X-One", "{host}")))
    upstream = author.pick(["@A@", "@B@", "http://@A@", "@S@"])
    return Node("reverse_proxy", (*author.matcher(0.7), upstream), tuple(lines) or None)


def error(author: Author) -> Node:
    return Node("error", (*author.matcher(0.9), *author.pick(table('"gone" 410\n404\n"message"\n403'))))


def encode(author: Author) -> Node:
    block = (Node("minimum_length", (author.pick(["1", "3", "600"]),)),) if author.chance(0.7) else None
    return Node("encode", (*author.matcher(0.2), "gzip"), block)


def basicauth(author: Author) -> Node:
    user = Node("bob", ("$2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG",))
    return Node("basicauth", author.matcher(0.9), (user,))


def abort(author: Author) -> Node:
    return Node("abort", author.matcher(1))


def variables(author: Author) -> Node:
    return Node("vars", ((author.matcher(0.5) or ("*",)) + author.pick([("x", "/static"), ("root", "@D@/static")])))


def mapping(author: Author) -> Node:
    lines = (Node("/static/a.css", ("one",)), Node("~^/media/(.*)$", ("two-${1}",)), Node("default", ("none",)))
    return Node("map", ("{path}", "{kind}"), lines)


def request_header(author: Author) -> Node:
    return Node(
        "request_header", (*author.matcher(0.5), *author.pick([("X-Kind", "static"), ("-Cookie",), ("+X-Kind", "b")]))
    )


def method(author: Author) -> Node:
    return Node("method", ((author.matcher(0.6) or ("*",)) + ("POST",)))


def request_body(author: Author) -> Node:
    return Node("request_body", author.matcher(0.4), (Node("max_size", ("10MB",)),))


def silent(author: Author) -> Node:
    return Node("skip_log", author.matcher(0.6))


# Directives without a block of others, by how often they are drawn.
LEAVES: dict[Callable[[Author], Node], float] = {
    file_server: 5.0,
    header: 2.5,
    respond: 1.2,
    redir: 0.9,
    rewrite: 1.6,
    uri: 1.4,
    try_files: 1.6,
    proxy: 1.5,
    error: 0.6,
    encode: 0.6,
    basicauth: 0.25,
    abort: 0.12,
    variables: 0.3,
    mapping: 0.3,
    request_header: 0.4,
    method: 0.15,
    request_body: 0.15,
    silent: 0.2,
}
