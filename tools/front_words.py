"""The directives that a random configuration is made of, each in the forms that people write."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from tools.front_case import Node

T = TypeVar("T")


def table(text: str) -> list[tuple[str, ...]]:
    """The lines, each in its words; a word in double quotes may hold blanks."""
    return [tuple(re.findall(r'"[^"]*"|\S+', line)) for line in text.strip().splitlines()]


def words(text: str) -> tuple[str, ...]:
    return tuple(word for line in table(text) for word in line)


DIRECTORIES = words("static static/css media app a a/b img static/admin old docs")
BASES = words("site site/static static media html dist a private static/static www.test bob")
FILES = (
    *words("a.css b.js app.mjs index.html logo.png doc.pdf data.json noext A.CSS 404.html page.html x.tar.gz"),
    *words("app.4f3c1d2a9b7e.css font.woff2 index.htm 50x.html é.txt 100%25.txt .htaccess favicon.ico robots.txt"),
    *words("map.js.map feed.xml two.dots.min.js"),
    *words("a+b.css a&b.txt q=1.css c'd.txt x@2.png ~tilde.js"),
    "a b.txt",
)
PREFIXES = words("""
    / /static/ /static /media/ /media /app/ /app /a/ /a /a/b/ /static/css/ /img/ /static/admin/ /docs/ /private/
    /favicon.ico /index.html /404.html /50x.html /old/ /static/a.css /robots.txt /api/ /s /é/
""")
REGEXES = words(r"""
    \.(css|js|png|ico)$ \.css$ ^/static/ ^/static/(.*)$ ^/static(.*)$ ^/(static|media)/(.+)$ /\. /\.(?!well-known)
    \.php$ ^/(.+)\.html$ "^/[a-z]{1,5}/" /$ ^/a/(b|c)/ admin ^/(?<app>[^/]+)/(?<rest>.+)$ \.(?:jpg|JPG|png)$
    ^/media/(?<rest>.*)$ ^/$ ^/a "\.[0-9a-f]{12}\." ^/([^/]*)/([^/]*)/(.*)$ \.html?$ ^/app .* ^(.*)/index\.html$
    ^/(?P<rest>media/.*)$ (?<!min)\.js$ ^/[[:alpha:]]+/ \.(?i:css)$ ^/static/\w+\.css$ (?i)^/STATIC/ \.CSS$
""")
HEADERS = words("""
    X-One X-Two X-One Cache-Control Cache-Control Access-Control-Allow-Origin X-Content-Type-Options Vary ETag
    Last-Modified
""")
VARIABLES = words("""
    $uri $document_uri $request_uri $args $is_args $is_args$args $arg_v $host $http_host $scheme $server_name
    $server_port $request_method $request_filename $document_root $http_x_kind $remote_addr $query_string $cookie_who
    $server_addr $server_protocol $realpath_root $1 $sent_http_x_one $sent_http_cache_control $sent_http_etag
""")
_TRIED = table("""
    $uri
    $uri
    $uri $uri/
    $uri $uri/
    $uri $uri.html
    $uri/index.html $uri
    $uri.html $uri/ $uri
    /static$uri $uri
    $uri $uri/ /a.css
    /index.html
    /maintenance.html $uri
    $uri/
    $1 $uri
    /cache/$uri.gz
    $request_filename
    $arg_v $uri
""")
_REWRITES = table(r"""
    ^/old/(.*)$ /static/$1
    ^/static/(.*)$ /$1
    ^/(.*)$ /static/$1
    ^ /index.html
    "^(.*)\.[0-9a-f]{12}\.css$" $1.css
    ^/(.*)/$ /$1
    .* /a/b/page.html
    ^/a/(.*) /app/$1?x=1
    ^/app/(.*)$ /$1?
    ^/media/(.+)$ /static/$1?$args
    (.*)\.html$ $1
    ^/$ /index.html
    ^/img/(.*) http://cdn.test/$1
    ^/docs/(.*) https://$host/$1
    ^(/static)/css(.*)$ $1$2
    (?i)^/STATIC/(?<rest>.*) /static/$rest
    ^/a$ $scheme://$host/a/
    /b/ /static/a.css
    ^/api/(.*)$ $1
    ^/(.+)$ /$1/
    ^/s(.*)$ "/static/a b.txt"
    "^/media/([a-z]+)/(.*)$" /$2/$1
""")
_RETURNS = table("""
    404
    403
    410
    204
    444
    503
    405
    500
    401
    200
    301 /static/
    302 $scheme://$host$request_uri
    301 https://$host$request_uri
    200 "ok"
    301 /a$uri
    307 /x?$args
    http://other.test$request_uri
    308 http://www.test:8080/
    302 "$arg_v"
    301 $uri/
    200 "$uri|$args|$host"
    418 teapot
    302 static/x
    404 "not here"
    301 //other.test/
""")
_ACCESS = [
    [Node(rule, (who,)) for rule, who in zip(line[::2], line[1::2], strict=True)]
    for line in table("""
        deny all
        deny all
        allow 127.0.0.1 deny all
        deny 127.0.0.9
        deny all allow 127.0.0.1
        allow all
        deny 127.0.0.0/29
        allow 10.0.0.0/8 deny all
        deny 127.0.0.8/30 allow all
        allow unix: deny all
        deny ::1
        allow ::1 deny all
        deny ::/64 allow all
    """)
]
_CONDITIONS = table(r"""
    ($request_method = POST)
    ($request_method !~ ^(GET|HEAD)$ )
    (-f $request_filename)
    (!-f $request_filename)
    (!-e $request_filename)
    (-d $request_filename)
    ($host != www.test)
    ($http_user_agent ~* bot)
    ($args ~ "v=(.*)" )
    ($arg_v)
    ($uri ~ \.css$ )
    (-f @D@/maintenance.on)
    ($http_x_kind = "static" )
    ($uri ~* ^/STATIC/(.*)$)
    (!-d @D@/static)
    ($scheme = http)
    (-x $document_root/a.css)
    ($cookie_who !~* "a" )
    (-e $document_root$uri)
""")
_MAPPED = table(r"""
    /static/a.css media
    www.test www.test
    one static
    ~\.css$ css
    ~*\.JS$ js
    ~^/(?<m_part>[a-z]+)/ $m_part
    GET got
    "~*webp" .webp
    "" empty
    "~^/a/(.*)$" /b/$1
    *.test wild
    HEAD head
    \default literal
    static/ $uri
""")


@dataclass
class Draft:
    """A case that is being written: its dice, the variables and named locations that it has, its maps."""

    random: Random
    variables: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    maps: list[Node] = field(default_factory=list)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def weigh(self, choices: dict[T, float]) -> T:
        return self.random.choices(list(choices), list(choices.values()))[0]

    def quoted(self, word: str) -> str:
        """Now and then in quotes, as it might be written."""
        if word and not set(word) & set("'\"\\ ") and self.chance(0.06):
            quote = self.pick("'\"")
            return f"{quote}{word}{quote}"
        return word

    def variable(self) -> str:
        if self.variables and self.chance(0.4):
            return self.pick(self.variables)
        return self.pick(VARIABLES)

    def on_disk(self, base: str) -> str:
        """A base as a path: absolute, or relative to the prefix."""
        return f"@R@/{base}" if self.chance(0.12) else f"@D@/{base}"


def root(draft: Draft) -> Node:
    dice = draft.random.random()
    if dice < 0.08:
        return Node("root", (f"@D@/{draft.pick(['$host', '$arg_v', '$http_x_kind', *draft.variables])}",))
    if dice < 0.12:
        return Node("root", (f"@D@/nowhere/{draft.pick(DIRECTORIES)}",))
    end = "/" if draft.chance(0.25) else ""
    return Node("root", (draft.quoted(draft.on_disk(draft.pick(BASES)) + end),))


def alias(draft: Draft, kind: str, path: str) -> Node:
    """For a location: right and wrong in the ways of §1.5."""
    base = draft.on_disk(draft.pick(BASES))
    if kind in {"~", "~*"}:
        captures = "(" in path.replace("(?:", "").replace("(?!", "")
        named = "(?<rest>" in path
        if captures and draft.chance(0.75):
            return Node("alias", (f"{base}{draft.pick(['/', '/', ''])}{'$rest' if named else '$1'}",))
        return Node("alias", (base + draft.pick(["/", ""]),))
    if kind == "=":
        return Node("alias", (f"{base}/{draft.pick(FILES[:6])}",))
    if draft.chance(0.12):
        return Node("alias", (f"@D@/{draft.pick(['$host', '$http_x_kind', '$arg_v', *draft.variables])}/",))
    same = draft.chance(0.6)
    slash = path.endswith("/") if same else draft.chance(0.5)
    return Node("alias", (draft.quoted(base + ("/" if slash else "")),))


def try_files(draft: Draft) -> Node:
    ends = {"=404": 5.0, "/index.html": 2.5, "/404.html": 0.7, "=403": 0.4, "/index.html?x=$uri": 0.4, "$uri": 0.3}
    ends |= {"/app/": 0.6, "=204": 0.2, "/static$uri": 0.5, "/a/b/page.html": 0.4}
    if draft.named:
        ends[draft.pick(sorted(draft.named))] = 5.0
    return Node("try_files", (*draft.pick(_TRIED), draft.quoted(draft.weigh(ends))))


def rewrite(draft: Draft) -> Node:
    flag = draft.weigh({"last": 3.0, "break": 3.0, "permanent": 2.0, "redirect": 2.0, "": 2.5})
    return Node("rewrite", (*draft.pick(_REWRITES), *([flag] if flag else [])))


def returned(draft: Draft) -> Node:
    return Node("return", draft.pick(_RETURNS))


def error_page(draft: Draft) -> Node:
    codes = draft.pick(table("404\n404\n403\n403 404\n500 502 503 504\n405\n401\n400\n404 405 410"))
    forms = {"/404.html": 3.0, "/50x.html": 1.5, "/static/a.css": 0.5, "http://other.test/": 1.2, "/app/": 0.6}
    forms["/a$uri"] = 0.2
    if draft.named:
        forms[draft.pick(sorted(draft.named))] = 2.5
    page = draft.weigh(forms)
    change = draft.weigh({"": 5.0, "=200": 1.8, "=": 1.8, "=404": 0.4, "=204": 0.2, "=302": 0.2})
    return Node("error_page", (*codes, *([change] if change else []), page))


def add_header(draft: Draft) -> Node:
    value = draft.pick(['"public, immutable"', "one", "*", "no-store", '"$uri"', draft.variable(), "nosniff", '""'])
    always = ("always",) if draft.chance(0.3) else ()
    return Node("add_header", (draft.pick(HEADERS), value, *always))


def expires(draft: Draft) -> Node:
    value = draft.pick(["max", "1y", "30d", "off", "epoch", "-1", "0", "1h", "10m", "3600", "modified +1d", "@2h"])
    return Node("expires", tuple(value.split(" ")))


def types(draft: Draft) -> Node:
    forms = ("", "text/javascript mjs", "text/x-css css\ntext/html html htm shtml", "image/png PNG png", "a/b gz txt")
    return Node("types", (), tuple(Node(line[0], line[1:]) for line in table(draft.pick(forms))))


def default_type(draft: Draft) -> Node:
    return Node("default_type", (draft.pick(["text/html", "application/octet-stream", "text/x-default", '""']),))


def access(draft: Draft) -> list[Node]:
    """Rules in the orders that people know, and do not."""
    return draft.pick(_ACCESS)


def limit_except(draft: Draft) -> Node:
    methods = draft.pick([("GET",), ("GET", "POST"), ("POST",), ("PUT", "DELETE"), ("HEAD",)])
    return Node("limit_except", methods, tuple(draft.pick([[Node("deny", ("all",))], access(draft)])))


def proxy_pass(draft: Draft, *, may_have_uri: bool) -> Node:
    upstream = draft.weigh({"http://@A@": 4.0, "http://@B@": 3.0, "http://@S@": 1.5, "http://pool_@N@": 1.5})
    if upstream == "http://pool_@N@" and not any(each.name == "upstream" for each in draft.maps):
        draft.maps.append(Node("upstream", ("pool_@N@",), (Node("server", ("@B@",)),)))
    dice = draft.random.random()
    if may_have_uri and dice < 0.45:
        colon = ":" if "@S@" in upstream else ""
        upstream += colon + draft.pick(["/", "/", "/sub/", "/sub", "/a/b?x=1", "/%41/"])
    elif dice > 0.88 and "@S@" not in upstream:
        upstream += draft.pick(["$request_uri", "$uri", "/v$uri$is_args$args", "/fixed?$args", "/$1"])
    return Node("proxy_pass", (draft.quoted(upstream),))


def mapped(draft: Draft) -> Node:
    """A map, or a geo, of the case's own; its variable may be used from then on."""
    name = f"$m{len(draft.variables)}_@N@"
    draft.variables.append(name)
    if draft.chance(0.15):
        rows = [("default", "outside"), ("127.0.0.1/32", "static"), ("127.0.0.8/29", "media")]
        return Node("geo", (name,), tuple(Node(key, (value,)) for key, value in rows))
    if draft.chance(0.1):
        shares = [("30%", "static"), ("0.5%", "rare"), ("*", draft.pick(["media", '""']))]
        source = draft.pick(['"$uri$args"', "$arg_v", "${remote_addr}x", "$host"])
        return Node("split_clients", (source, name), tuple(Node(key, (value,)) for key, value in shares))
    sources = words("$uri $host $arg_v $http_x_kind $request_method $cookie_who $http_accept $uri$args $request_uri $1")
    sources = (*sources, *(each for each in draft.variables[:-1] if each[1] == "m"))
    default = Node("default", (draft.pick(['""', "static", "off"]),))
    chosen = [
        default,
        *(Node(key, (value,)) for key, value in draft.random.sample(_MAPPED, draft.random.randint(1, 5))),
    ]
    draft.random.shuffle(chosen)
    if draft.chance(0.1):
        chosen = [Node("hostnames"), *(each for each in chosen if each.name != '""')]
    return Node("map", (draft.pick(sources), name), tuple(chosen))


def condition(draft: Draft) -> tuple[str, ...]:
    """Of an `if`, with its brackets."""
    if draft.variables and draft.chance(0.2):
        return (f"({draft.pick(draft.variables)}", "=", "static)")
    return draft.pick(_CONDITIONS)
