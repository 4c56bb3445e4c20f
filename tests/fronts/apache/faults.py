"""A configuration of httpd for a project, the ways in which it may be wrong, and the size of what mends it."""

from clearway.fronts.site import Place, Site

SITE = Site(
    "shop",
    "",
    ("shop.test",),
    Place("/static/", "/srv/shop/static"),
    Place("/media/", "/srv/shop/media"),
    upload=2621440,
    reads_scheme=True,
)
TYPES = "text/css css\ntext/html html\ntext/javascript js mjs\nimage/png png\n"
GOOD = """\
<Directory />
    Require all denied
</Directory>
<VirtualHost *:80>
    ServerName shop.test
    LimitRequestBody 2621440
    RedirectMatch 404 "^/static/(.*/)?([.]|staticfiles[.]json)"
    Alias /static/ /srv/shop/static/
    Alias /media/ /srv/shop/media/
    <Directory /srv/shop/static>
        Require all granted
    </Directory>
    <Directory /srv/shop/media>
        Require all granted
    </Directory>
    <Location /static/>
        Header set X-One 1
    </Location>
    <LocationMatch "[.][0-9a-f]{12}[.]">
        Header set Cache-Control "max-age=31536000, public, immutable" "expr=%{REQUEST_STATUS} -lt 400"
    </LocationMatch>
    <Location /media/>
        Header always set Content-Security-Policy "default-src 'none'; sandbox"
        Header always set X-Content-Type-Options nosniff
    </Location>
    ProxyPass /static/ !
    ProxyPass /media/ !
    ProxyPass / http://127.0.0.1:8000/
    ProxyPreserveHost On
    RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}
</VirtualHost>
"""

PLAIN = "<VirtualHost *:80>\n    ServerName shop.test\n    ProxyPass / http://127.0.0.1:8000/\n</VirtualHost>\n"
DENIED = "<Directory />\n    Require all denied\n</Directory>\n"

# what is replaced, by what, what the first difference is about, and how many lines the patch changes
EVERYTHING = "\n    <Directory /srv/shop>\n        Require all granted\n    </Directory>"
GRANTED = "Require all granted"
LIMIT = "    LimitRequestBody 2621440\n"
BROKEN: list[tuple[str, str, str, int]] = [
    ("Alias /static/ /srv/shop/static/", "Alias /static/ /srv/shop/static", "static", 2),
    ("Alias /static/ /srv/shop/static/", "Alias /static/ /srv/old/", "static", 2),
    ("    Alias /static/ /srv/shop/static/\n", "", "static", 1),
    ("Alias /static/ /srv/shop/static/", "Alias / /srv/www/\n    Alias /static/ /srv/shop/static/", "static", 4),
    ("Alias /static/ /srv/shop/static/",
     f"AliasMatch ^/static(.*)$ /srv/shop/static/$1\n    ProxyPassMatch ^/static !{EVERYTHING}", "traversal", 2),
    ("<Directory /srv/shop/static>", "<Directory /srv/old>", "static", 3),
    ("    <Directory /srv/shop/static>\n        Require all granted\n    </Directory>\n", "", "static", 3),
    ("    <Directory /srv/shop/static>\n        Require all granted", "    <Directory /srv/shop/static>", "static", 1),
    ("<Directory /srv/shop/static>\n        Require all granted",
     "<Directory /srv/shop/static>\n        Order deny,allow\n        Deny from all", "static", 3),
    ("Header set X-One 1", "Require all denied", "static", 1),
    ("    ProxyPass /static/ !\n", "", "static", 1),
    ("ProxyPass /static/ !", "ProxyPass /static/ http://127.0.0.1:8000/s/", "static", 2),
    ("    ProxyPass /static/ !\n    ProxyPass /media/ !\n    ProxyPass / http://127.0.0.1:8000/\n",
     "    ProxyPass / http://127.0.0.1:8000/\n    ProxyPass /static/ !\n    ProxyPass /media/ !\n", "static", 2),
    ("    ProxyPass /static/ !\n    ProxyPass /media/ !\n    ProxyPass / http://127.0.0.1:8000/\n",
     "    <Location />\n        ProxyPass http://127.0.0.1:8000/\n    </Location>\n", "static", 6),
    ("    ProxyPass / http://127.0.0.1:8000/\n",
     "    RewriteEngine On\n    RewriteRule ^/(.*) http://127.0.0.1:8000/$1 [P]\n", "static", 2),
    ("    ProxyPass /static/ !\n    ProxyPass /media/ !\n    ProxyPass / http://127.0.0.1:8000/\n",
     f'    <Location />\n        {GRANTED}\n        SetHandler "proxy:http://127.0.0.1:8000"\n    </Location>\n',
     "static", 6),
    ('    RedirectMatch 404 "^/static/(.*/)?([.]|staticfiles[.]json)"\n', "", "hidden", 1),
    ("Header set X-One 1", "ForceType text/plain", "static", 1),
    ("    <LocationMatch \"[.][0-9a-f]{12}[.]\">\n", "    <LocationMatch \"[.]no\">\n", "unchanging", 3),
    ("Header set X-One 1", "Header set Cache-Control max-age=31536000", "changing", 2),
    ("Header set X-One 1", "ExpiresActive On\n        ExpiresDefault A31536000", "changing", 3),
    ("    ServerName shop.test\n", "    ServerName shop.test\n    ExpiresActive On\n    ExpiresDefault A31536000\n",
     "changing", 3),
    ("Header set X-One 1", "Header always set Cache-Control max-age=60", "missing", 2),
    ("Header always set Content-Security-Policy \"default-src 'none'; sandbox\"", "", "documents", 1),
    ("        Header always set X-Content-Type-Options nosniff\n", "", "documents", 1),
    ("Alias /media/ /srv/shop/media/", "Alias /media/ /srv/shop/uploads/", "media", 2),
    ("    ProxyPreserveHost On\n", "", "forwarded", 1),
    ("ProxyPreserveHost On", "ProxyPreserveHost Off", "forwarded", 2),
    ("    RequestHeader set X-Forwarded-Proto expr=%{REQUEST_SCHEME}\n", "", "forwarded", 1),
    ("expr=%{REQUEST_SCHEME}", "ftp", "forwarded", 2),
]  # fmt: skip
