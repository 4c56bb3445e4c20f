"""Configurations of httpd as people write them for a Django site, good ones and the bad ones of the field."""

import re

from tools.front_case import Node

_WORD = re.compile(r'"(?:\\.|[^"\\])*"|\S+')

# Each is the inside of the main virtual host; a line `--- path` begins an .htaccess below the documents.
SITES = r"""
DocumentRoot @D@/site
Alias /static/ @D@/static/
<Directory @D@/static>
Require all granted
</Directory>
ProxyPass /static/ !
ProxyPass / http://@A@/
===
Alias /static @D@/static
Alias /media/ @D@/media/
<Directory @D@>
Require all granted
Options -Indexes
</Directory>
ProxyPass /static !
ProxyPass /media !
ProxyPass / http://@B@/
===
DocumentRoot @D@/html
ProxyPass / http://@A@/
Alias /static/ @D@/static/
<Directory @D@/static>
Require all granted
</Directory>
===
Alias /static/ @D@/static
Alias /media @D@/media/
<Directory @D@/static>
Require all granted
</Directory>
<Directory @D@/media>
Order allow,deny
Allow from all
</Directory>
===
DocumentRoot @D@/dist
<Directory @D@/dist>
Require all granted
RewriteEngine On
RewriteBase /
RewriteRule ^index\.html$ - [L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /index.html [L]
</Directory>
===
DocumentRoot @D@/dist
<Directory @D@/dist>
Require all granted
FallbackResource /index.html
</Directory>
ProxyPass /api/ http://@A@/
===
DocumentRoot @D@/site
<Directory @D@/site>
Require all granted
AllowOverride All
</Directory>
--- site/.htaccess
RewriteEngine On
RewriteCond %{REQUEST_FILENAME} !-f
RewriteRule ^(.*)$ /static/$1 [L]
--- site/static/.htaccess
ExpiresActive On
ExpiresDefault "access plus 1 hour"
===
DocumentRoot @D@/site
<Directory @D@/site>
Require all granted
AllowOverride FileInfo Indexes
Options FollowSymLinks
DirectoryIndex page.html index.html
</Directory>
--- site/.htaccess
ErrorDocument 404 /404.html
Redirect 301 /old http://other.test/new
--- site/media/.htaccess
Header set X-One htaccess
AddType text/x-own .css
===
DocumentRoot @D@/site
RewriteEngine On
RewriteCond %{HTTP_HOST} !^www\.test [NC]
RewriteRule ^/(.*)$ http://www.test/$1 [R=301,L]
RewriteRule ^/old/(.*) /static/$1 [L]
RewriteRule ^/app/(.*) http://@A@/$1 [P]
<Directory @D@/site>
Require all granted
</Directory>
===
DocumentRoot @D@/site
RewriteEngine On
RewriteRule ^/static/(.*)\.[0-9a-f]{12}\.(css|js)$ /static/$1.$2 [PT]
RewriteCond @D@/maintenance.on -f
RewriteRule !^/static/ - [R=503,L]
Alias /static @D@/static
<Directory @D@>
Require all granted
</Directory>
ErrorDocument 503 /static/a.css
===
DocumentRoot @D@/site
RewriteEngine On
RewriteCond @D@/site%{REQUEST_URI} -f
RewriteRule ^/(.+) @D@/site/$1 [L]
RewriteRule ^/(.*) http://@A@/$1 [P,QSA]
<Directory @D@/site>
Require all granted
</Directory>
===
DocumentRoot @D@/html
ErrorDocument 404 /404.html
ErrorDocument 403 "no entry"
ErrorDocument 500 http://other.test/down
<Directory @D@/html>
Require all granted
</Directory>
<Location /private>
Require all denied
</Location>
<FilesMatch "\.(js|json)$">
Require ip 10.0.0.0/8
</FilesMatch>
===
Alias /static/ @D@/static/
<Location /static>
Require all granted
ExpiresActive On
ExpiresByType text/css "access plus 1 year"
ExpiresByType image/* A3600
Header set Cache-Control "public"
</Location>
<LocationMatch "\.[0-9a-f]{12}\.">
Header set Cache-Control "public, max-age=31536000, immutable"
</LocationMatch>
ProxyPass /static/ !
ProxyPass / http://@S@/
===
DocumentRoot @D@/site
<Directory @D@/site>
Require all granted
Options +Indexes
</Directory>
<Files ".ht*">
Require all denied
</Files>
<Directory @D@/site/static>
Header set Access-Control-Allow-Origin "*"
Header always set X-Content-Type-Options nosniff
Header append Vary Accept
</Directory>
===
DocumentRoot @D@/site
<Directory @D@/site>
<RequireAll>
Require all granted
Require not ip 127.0.0.9
</RequireAll>
</Directory>
<Directory @D@/site/media>
<Limit GET POST>
Require all granted
</Limit>
<LimitExcept GET HEAD POST>
Require all denied
</LimitExcept>
ForceType application/octet-stream
</Directory>
===
WSGIScriptAlias / @D@/app/wsgi.py
Alias /static/ @D@/static/
Alias /media/ @D@/media/
<Directory @D@>
Require all granted
</Directory>
===
DocumentRoot @D@/site
<Directory @D@>
Require all granted
</Directory>
AliasMatch ^/(a|b)/(.*)$ @D@/static/$2
AliasMatch ^/media(/?.*)$ @D@/media$1
RedirectMatch 301 ^/docs/(.*)$ /static/$1
RedirectMatch gone \.php$
Redirect permanent /old /app
Redirect /img http://cdn.test/img
===
DocumentRoot @D@/site
<Directory @D@/site>
Order deny,allow
Deny from 127.0.0.9
</Directory>
<Directory @D@/site/a>
Order allow,deny
Allow from 127.0.0.1
Require all granted
</Directory>
===
DocumentRoot @D@/site
<Directory @D@/site>
Require all granted
</Directory>
<Location /app>
ProxyPass http://@A@/sub
</Location>
<Location "/admin">
AuthType Basic
AuthName "closed"
AuthUserFile @D@/passwords
Require valid-user
</Location>
ProxyPassMatch ^/api/(.*)$ http://@B@/v1/$1
ProxyPassMatch ^(/docs/.*\.html)$ http://@B@$1
===
DocumentRoot @D@/site
<Directory @D@/site>
Require all granted
Options SymLinksIfOwnerMatch
AllowOverride None
</Directory>
<DirectoryMatch "/(static|media)/">
DirectoryIndex disabled
DirectorySlash Off
</DirectoryMatch>
===
DocumentRoot @D@/site
<Directory @D@/site>
Require all granted
AllowOverride AuthConfig Limit
</Directory>
<If "%{REQUEST_URI} =~ m#^/static/#">
Header set X-Two static
</If>
<Else>
Header set X-Two other
</Else>
--- site/a/.htaccess
Require all denied
--- site/static/.htaccess
Order deny,allow
Deny from all
===
DocumentRoot @D@/site
<Directory @D@/site>
Require all granted
AllowOverride Limit
</Directory>
AddOutputFilterByType DEFLATE text/css text/html
AddDefaultCharset utf-8
AddType text/javascript .mjs
AddEncoding gzip .gz
AddCharset utf-8 .css
--- site/.htaccess
Options -Indexes
===
DocumentRoot @D@/site
RewriteEngine On
RewriteCond %{REQUEST_URI} !^/static/ [OR]
RewriteCond %{REQUEST_METHOD} POST
RewriteRule ^/(admin|app)(/.*)?$ - [F]
RewriteCond %{QUERY_STRING} ^v=(.*)$
RewriteRule ^/(a)/ /%1/? [R,L]
RewriteRule ^/s$ static/ [R]
<Directory @D@/site>
Require all granted
RewriteEngine On
RewriteRule ^media/(.*)$ static/$1 [L]
RewriteRule ^old/ - [G]
RewriteRule ^docs/(.*)$ /app/$1 [R=302,L]
</Directory>
""".strip()


def parse(text: str) -> tuple[Node, ...]:
    """Lines as directives; words stay as they are written."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    lines.reverse()
    return _block(lines)


def _block(lines: list[str]) -> tuple[Node, ...]:
    nodes: list[Node] = []
    while lines:
        line = lines.pop()
        if line.startswith("</"):
            break
        if line.startswith("<"):
            name, *words = line[1:-1].split(" ", 1)
            nodes.append(Node(name, tuple(words), _block(lines)))
        else:
            name, *words = _WORD.findall(line)
            nodes.append(Node(name, tuple(words)))
    return tuple(nodes)


def sites() -> list[tuple[tuple[Node, ...], tuple[Node, ...]]]:
    """(inside of the host, its .htaccess files) of every site."""
    found = []
    for each in SITES.split("\n===\n"):
        inside, *rest = each.split("\n--- ")
        overrides = (part.partition("\n") for part in rest)
        found.append((parse(inside), tuple(Node("override", (path,), parse(text)) for path, _, text in overrides)))
    return found
