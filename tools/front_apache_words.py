"""The directives that a random configuration of httpd is made of."""

from tools.front_apache_people import parse
from tools.front_case import Node
from tools.front_words import BASES, HEADERS, PREFIXES, REGEXES, Draft, table, words

FILE_REGEXES = words(r"\.css$ \.(css|js)$ ^index \.html?$ ^\. [.]gz$ ^a \.[0-9a-f]{12}\. (?i)^A")
_REWRITES = table(r"""
    ^/?old/(.*)$ /static/$1
    ^/?static/(.*)$ /$1
    ^/?(.*)\.[0-9a-f]{12}\.css$ /$1.css
    ^/?(.+)/$ /$1
    ^/?a/(.*) /app/$1?x=1
    ^/?app/(.*)$ /$1?
    ^/?img/(.*) http://cdn.test/$1
    ^/?docs/(.*) https://%{HTTP_HOST}/$1
    ^/?$ /index.html
    ^/?s(.*)$ /static/a.css
    admin -
    ^(.*)\.html$ $1
    ^(/?)media/([a-z]+)/(.*)$ $1$3/$2
    .* /a/b/page.html
    ^/?b/ @D@/site/a.css
    !^/?static/ /index.html
    ^/?(favicon\.ico)$ /img/$1
""")
_CONDITIONS = table(r"""
    %{REQUEST_FILENAME} -f
    %{REQUEST_FILENAME} !-f
    %{REQUEST_FILENAME} !-d
    %{REQUEST_FILENAME} -d
    %{DOCUMENT_ROOT}%{REQUEST_URI} -f
    %{HTTP_HOST} ^www\.test [NC]
    %{HTTP_HOST} !=www.test
    %{REQUEST_URI} !^/static/
    %{REQUEST_URI} \.css$
    %{QUERY_STRING} v=(.*)
    %{QUERY_STRING} ^$
    %{REQUEST_METHOD} !^(GET|HEAD)$
    %{HTTP_USER_AGENT} bot [NC]
    %{HTTP:X-Kind} static
    %{HTTPS} off
    %{REMOTE_ADDR} =127.0.0.9
    @D@/maintenance.on -f
    %{ENV:REDIRECT_STATUS} ^$
    %{ENV:seen} =1
    %{HTTP_COOKIE} who=(.*) [NV]
""")
_REDIRECTS = table(r"""
    Redirect /old http://other.test/new
    Redirect 301 /static /media
    Redirect permanent /a /app/
    Redirect gone /docs
    Redirect 404 /private
    Redirect / http://www.test/
    RedirectMatch ^/app/(.*)$ /static/$1
    RedirectMatch 301 (.*)\.html$ http://other.test$1?x=1
    RedirectMatch 403 /\.
    RedirectTemp /img/ /media/
    RedirectPermanent /s http://other.test/s
""")
_ACCESS = [
    parse(text)
    for text in (
        "Require all granted",
        "Require all granted",
        "Require all denied",
        "Require ip 127.0.0.1",
        "Require ip 127.0.0.8/29 10.1",
        "Require local",
        "Require method GET OPTIONS",
        "<RequireAll>\nRequire all granted\nRequire not ip 127.0.0.9\n</RequireAll>",
        "<RequireAny>\nRequire ip 127.0.0.9\nRequire method POST\n</RequireAny>",
        "<RequireAll>\nRequire all granted\n<RequireNone>\nRequire method POST\n</RequireNone>\n</RequireAll>",
        "Order allow,deny\nAllow from 127.0.0.1",
        "Order deny,allow\nDeny from all",
        "Order deny,allow\nDeny from all\nAllow from 127.0.0.9",
        "Order allow,deny\nAllow from all\nDeny from 127.0.0.9",
        "Deny from 127.0.0.9",
        "AuthType Basic\nAuthName closed\nAuthUserFile @D@/passwords\nRequire valid-user",
        "AuthType Basic\nAuthName closed\nAuthUserFile @D@/passwords\nRequire valid-user\nRequire ip 127.0.0.9",
        "Satisfy Any\nOrder deny,allow\nDeny from all\nRequire all granted",
        "<Limit POST>\nRequire all denied\n</Limit>",
        "AllowMethods GET OPTIONS",
        "AllowMethods GET POST",
        "<LimitExcept GET>\nRequire all denied\n</LimitExcept>",
        "Require expr %{REQUEST_URI} =~ /css/",
        "SetEnvIf Request_URI css let_in\nRequire env let_in",
    )
]
_PASSES = table("""
    /app/ http://@A@/
    /app http://@A@
    /api/ http://@B@/v1/
    /static/ !
    /media !
    / http://@A@/
    /docs/ http://@B@/d
    /a/ http://@B@/ nocanon
    /s http://@S@/sub
    /img/ @U@|http://localhost/img/
""")


_ALIASED = table(r"""
    ^/a/(.*)$ /$1
    ^/(static|media)(.*)$ /$1$2
    ^/s(.*) $1
    (.*)\.htm$ $1.html
""")
_PROXIED = table(r"""
    ^/api/(.*)$ http://@B@/v1/$1
    ^(/app/.*)$ http://@A@$1
    \.php$ http://@A@
""")
_IFS = (
    '"%{REQUEST_URI} =~ m#css#"',
    "\"%{HTTP_HOST} == 'www.test'\"",
    '"-f %{REQUEST_FILENAME}"',
    "\"%{REQUEST_METHOD} != 'GET'\"",
    "\"-n reqenv('seen')\"",
    "\"-z env('seen') && %{reqenv:let_in} != '1'\"",
    "\"req('X-Kind') == 'static' || http('User-Agent') =~ /bot/i\"",
)
_KINDS = {"Directory": 4.0, "Location": 3.0, "Files": 1.5, "FilesMatch": 1.5}
_KINDS |= {"LocationMatch": 1.5, "DirectoryMatch": 1.2, "If": 0.6}


def access(draft: Draft) -> tuple[Node, ...]:
    return draft.pick(_ACCESS)


def rewriting(draft: Draft) -> list[Node]:
    """An engine, and some rules."""
    nodes = [Node("RewriteEngine", ("Off" if draft.chance(0.05) else "On",))]
    for _ in range(draft.pick([1, 1, 2, 3])):
        for _ in range(draft.pick([0, 0, 1, 1, 2])):
            condition = draft.pick(_CONDITIONS)
            either = ("[OR]",) if draft.chance(0.15) and not condition[-1].startswith("[") else ()
            nodes.append(Node("RewriteCond", (*condition, *either)))
        nodes.append(Node("RewriteRule", (*draft.pick(_REWRITES), *_flags(draft))))
    return nodes


def _flags(draft: Draft) -> tuple[str, ...]:
    flag = draft.pick(
        words("- [L] [L] [L] [R=301,L] [R,L] [F] [G] [PT] [L,QSA] [NC,L] [END] [R=404] [L,NE,R] [QSD,L] [C] [S=1] [NS]")
    )
    return () if flag == "-" else (flag,)


def alias(draft: Draft) -> Node:
    base = f"@D@/{draft.pick(BASES)}"
    if draft.chance(0.2):
        pattern, target = draft.pick(_ALIASED)
        return Node("AliasMatch", (pattern, base + target))
    prefix = draft.pick(PREFIXES)
    slash = prefix.endswith("/") if draft.chance(0.7) else draft.chance(0.5)
    return Node("Alias", (prefix, base + ("/" if slash else "")))


def redirect(draft: Draft) -> Node:
    name, *rest = draft.pick(_REDIRECTS)
    return Node(name, tuple(rest))


def proxy(draft: Draft) -> Node:
    if draft.chance(0.2):
        return Node("ProxyPassMatch", draft.pick(_PROXIED))
    return Node("ProxyPass", draft.pick(_PASSES))


def header(draft: Draft) -> Node:
    condition = draft.pick([(), (), (), ("always",), ("onsuccess",)])
    action = draft.weigh({"set": 6.0, "append": 1.5, "add": 1.0, "merge": 1.0, "unset": 1.0, "setifempty": 0.7})
    name = draft.pick(HEADERS)
    value = draft.pick(
        ['"public, immutable"', "one", "*", "no-store", "nosniff", "Accept-Encoding", "expr=%{REQUEST_URI}"]
    )
    return Node("Header", (*condition, action, name, *(() if action == "unset" else (value,))))


def expires(draft: Draft) -> list[Node]:
    forms = [
        '"access plus 1 year"',
        "A3600",
        '"access plus 1 month 2 days"',
        "M600",
        '"modification plus 1 hour"',
        "A0",
    ]
    nodes = [Node("ExpiresActive", ("Off" if draft.chance(0.1) else "On",))]
    if draft.chance(0.6):
        nodes.append(Node("ExpiresDefault", (draft.pick(forms),)))
    if draft.chance(0.6):
        nodes.append(
            Node("ExpiresByType", (draft.pick(words("text/css text/html image/* image/png")), draft.pick(forms)))
        )
    return nodes


def types(draft: Draft) -> Node:
    text = draft.pick(
        [
            "AddType text/x-own .css .b", "AddType text/javascript .mjs", "ForceType text/x-forced", "ForceType None",
            "AddEncoding gzip .gz", "AddEncoding x-gzip gz tgz", "AddCharset utf-8 .css .html",
            "AddDefaultCharset utf-8",
            "AddDefaultCharset Off", "AddDefaultCharset On", "RemoveType .css", "AddLanguage en .min",
            "AddType text/x-other .css", "RemoveType .b .html", "RemoveEncoding .gz .css", "RemoveCharset .css .html",
            "AddEncoding br .css .br", "AddCharset utf-7 .css", "MultiviewsMatch Any",
            "SetEnvIf Accept-Encoding gzip no-gzip=1", "SetEnvIfNoCase User-Agent BOT seen", "SetEnv no-gzip 1",
            "FileETag None", "FileETag Size", "AddOutputFilterByType DEFLATE text/css text/html",
            "SetOutputFilter DEFLATE",
        ]
    )  # fmt: skip
    return parse(text)[0]


def directory(draft: Draft) -> Node:
    text = draft.pick(
        [
            "DirectoryIndex page.html index.html", "DirectoryIndex disabled", "DirectoryIndex a.css",
            "DirectorySlash Off",
            "DirectoryIndex /static/index.html", "FallbackResource /index.html", "FallbackResource /404.html",
            "FallbackResource disabled", "FallbackResource /app/x", "DirectoryIndex index.html /app/x",
        ]
    )  # fmt: skip
    return parse(text)[0]


def option(draft: Draft) -> Node:
    forms = words("None All FollowSymLinks -FollowSymLinks +Indexes -Indexes SymLinksIfOwnerMatch Indexes")
    if draft.chance(0.2):
        return Node("Options", ("-FollowSymLinks", "+SymLinksIfOwnerMatch"))
    return Node("Options", (draft.pick(forms),))


def error_document(draft: Draft) -> Node:
    page = draft.pick(
        ["/404.html", "/404.html", "/index.html", '"a text"', "http://other.test/lost", "/app/x", "default", "/static/"]
    )
    return Node("ErrorDocument", (draft.pick(words("404 404 404 403 403 405 401 500 410 503")), page))


def section(draft: Draft, inside: list[Node]) -> Node:
    """Around some directives, one of the sections."""
    kind = draft.weigh(_KINDS)
    if kind == "Directory":
        base = draft.pick([*BASES, "*", "site/*", ""])
        return Node(kind, (f"@D@/{base}{draft.pick(['', '/', '/static', '/a'])}".replace("//", "/"),), tuple(inside))
    if kind == "DirectoryMatch":
        return Node(
            kind, (draft.pick(["/static/", "/(site|html)/a", "^@D@/site", "media$", "/a/$", "css"]),), tuple(inside)
        )
    if kind == "Files":
        return Node(kind, (draft.pick(words("a.css *.js index.html .ht* ?.css noext *.html")),), tuple(inside))
    if kind == "FilesMatch":
        return Node(kind, (f'"{draft.pick(FILE_REGEXES)}"',), tuple(inside))
    if kind == "LocationMatch":
        return Node(kind, (draft.pick([each for each in REGEXES if not set(each) & set('"<>')]),), tuple(inside))
    if kind == "If":
        return Node(kind, (draft.pick(_IFS),), tuple(inside))
    return Node(kind, (draft.pick([*PREFIXES, "/*/a.css", "/static/*"]),), tuple(inside))
