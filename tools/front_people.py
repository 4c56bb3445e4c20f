"""Configurations as people write them for a Django site, good ones and the bad ones of the field."""

import re

from tools.front_case import Node

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|[{};]|(?:\\.|[^\s{};"\'\\])+')

# Each is the inside of the main server; a line `---` begins what stands beside it at the level of http.
SITES = r"""
location = /favicon.ico { access_log off; log_not_found off; }
location /static/ { root @D@/site; }
location /media/ { root @D@/site; }
location / { proxy_set_header Host $http_host; proxy_pass http://@S@; }
===
location /static { alias @D@/static/; }
location /media { alias @D@/media; }
location / { proxy_pass http://@A@; proxy_set_header Host $host; proxy_redirect off; }
===
location /static/ { alias @D@/static; expires 30d; }
location /media/ { alias @D@/media/; add_header Cache-Control "public"; }
location / { try_files $uri @django; }
location @django { proxy_pass http://@A@; }
===
root @D@/site;
location / { try_files $uri $uri/ @app; }
location @app { proxy_pass http://pool_@N@; }
location ~* \.(?:css|js|png|ico)$ { expires max; log_not_found off; add_header Cache-Control "public, no-transform"; }
---
upstream pool_@N@ { server @A@ fail_timeout=0; }
===
location /static/ { alias @D@/static/; }
location ~* \.(css|js|jpg|png)$ { expires 365d; }
location / { include @I@/proxy.conf; proxy_pass http://@B@; }
===
location ^~ /static/ { alias @D@/static/; gzip_static on; expires max; add_header Cache-Control "public, immutable"; }
location ~* \.(css|js)$ { proxy_pass http://@A@; }
location / { proxy_pass http://@A@/; }
===
root @D@/dist;
index index.html;
location / { try_files $uri $uri/ /index.html; }
location /api/ { proxy_pass http://@A@/; }
location /static/ { try_files $uri =404; expires 1y; }
===
root @D@/html;
error_page 404 /404.html;
error_page 500 502 503 504 /50x.html;
location = /404.html { internal; }
location = /50x.html { root @D@/html; internal; }
location / { try_files $uri =404; }
location /app/ { proxy_pass http://@A@; proxy_intercept_errors on; }
===
root @D@/site;
if (-f @D@/maintenance.on) { return 503; }
error_page 503 @maintenance;
location @maintenance { rewrite ^(.*)$ /50x.html break; }
location / { proxy_pass http://@A@; }
===
location /static/ { alias @D@/static/; location ~* \.(js|css)$ { expires 1h; add_header X-One nested; } }
location ~ /\. { deny all; }
location ~ \.php$ { return 404; }
location / { proxy_pass http://@A@; }
===
location ~ ^/static/(.*)$ { alias @D@/static/$1; }
location ~ ^/media/ { alias @D@/media/; }
location / { return 200 "home"; }
===
location ~ ^/(?<app>[a-z]+)/static/(?<rest>.*)$ { alias @D@/$app/$rest; }
location /static/ { root @D@; autoindex off; }
===
location /app/ { proxy_pass http://@A@/; proxy_set_header X-Script-Name /app; }
location /app/static/ { alias @D@/static/; }
location /app { return 301 /app/; }
===
location /private/ { internal; alias @D@/private/; }
location /docs/ { proxy_pass http://@A@; }
location /static/ { alias @D@/static/; try_files $uri =404; }
===
root @D@/site;
location /static/ { if ($request_method !~ ^(GET|HEAD)$ ) { return 405; } add_header X-One one; expires 7d; }
location / { if (!-f $request_filename) { proxy_pass http://@A@; break; } }
===
root @D@/site;
if ($host != www.test) { rewrite ^/(.*)$ http://www.test/$1 permanent; }
location / { limit_except GET HEAD POST { deny all; } proxy_pass http://@A@; }
===
expires $expires_@N@;
root @D@/site;
location / { try_files $uri $uri/ =404; }
---
map $sent_http_content_type $expires_@N@ {
    default off; text/html epoch; text/css max; application/javascript max; ~image/ 7d; }
===
root @D@/site;
location /static/ {
    add_header Cache-Control $cache_@N@; add_header X-Content-Type-Options nosniff always; try_files $uri =404; }
location / { proxy_pass http://@A@; }
---
map $uri $cache_@N@ {
    default "no-cache"; "~\.[0-9a-f]{12}\.[a-z]+$" "public, max-age=31536000, immutable"; ~*\.css$ "max-age=60"; }
===
root @D@/$site_@N@;
location / { index index.html index.htm; }
location /static/ { }
---
map $host $site_@N@ { hostnames; default html; www.test site; *.test dist; }
===
root @D@/site;
rewrite ^/old/(.*)$ /static/$1 permanent;
rewrite ^/static/v[0-9]+/(.*)$ /static/$1 last;
location /static/ { rewrite ^(.*)\.(\d+)\.(css|js)$ $1.$3 break; }
location /img/ { rewrite ^/img/(.*)$ /media/$1 last; return 403; }
location /media/ { alias @D@/media/; }
===
add_header X-Content-Type-Options nosniff;
add_header X-One server always;
location /static/ { add_header Access-Control-Allow-Origin *; alias @D@/static/; }
location /media/ { alias @D@/media/; types { } default_type application/octet-stream; }
location / { uwsgi_pass @A@; uwsgi_param REQUEST_URI $request_uri; }
===
location /static/ {
    if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin *; add_header X-Two 1; return 204; }
    if ($request_method = POST) { return 405; }
    add_header Access-Control-Allow-Origin $http_origin; root @D@/site; }
location /admin/ { allow 127.0.0.1; deny all; proxy_pass http://@B@; }
location / { proxy_pass http://@B@; }
===
location /static/ { root @R@/site; }
location /media/ { root @R@; }
location /docs/ { types { text/plain css; } root @D@/site; }
===
location / { root @D@/site; try_files $uri $uri.html $uri/index.html =404; }
location ~ \.mjs$ { root @D@/site; types { text/javascript mjs; } }
location = / { rewrite ^ /static/index.html last; }
===
server_name_in_redirect off;
location /static/admin/ { alias @D@/a/; }
location /static/ { alias @D@/static/; location ~ \.css$ { alias @D@/static/; } }
location /a/ { location /a/b/ { root @D@/site; } location ~ \.html$ { root @D@/html; } proxy_pass http://@A@; }
===
location / {
    valid_referers none blocked server_names *.referers.test; if ($invalid_referer) { return 403; } root @D@/site; }
location /media/ {
    satisfy any; allow 127.0.0.9; deny all; auth_basic "closed"; auth_basic_user_file @D@/passwords; root @D@/site; }
===
set $webp "";
if ($http_accept ~* webp) { set $webp ".webp"; }
location ~ ^/media/(?<rest>.+)$ { root @D@/site; try_files $uri$webp $uri =404; }
location /static/ { set $where static; root @D@/$where; }
===
error_page 404 = @fallback;
location /static/ { alias @D@/static/; }
location @fallback { proxy_pass http://@B@; }
location / { root @D@/html; error_page 403 =200 /404.html; }
===
error_page 403 404 http://other.test/lost;
error_page 405 =200 $uri;
root @D@/site;
location /media/ { deny all; error_page 403 = /static/a.css; }
location /static/ { root @D@; expires epoch; etag off; }
===
error_page 418 = @app;
location /static/ { root @D@/site; if ($args ~ "v=(.*)") { return 418; } try_files $uri @app; }
location @app { rewrite ^/static(/.*)$ $1 break; proxy_pass http://@A@; }
===
root @D@/site;
location / {
    if (-f $request_filename) { expires max; break; }
    if (-f $request_filename/index.html) { rewrite (.*) $1/index.html break; }
    if (-f $request_filename.html) { rewrite (.*) $1.html break; }
    if (!-f $request_filename) { proxy_pass http://pool_@N@; break; } }
---
upstream pool_@N@ { server @B@ weight=2 max_fails=0; keepalive 4; }
===
location /app { rewrite ^/app(/.*)?$ $1 break; proxy_pass http://@A@; }
location ~ ^/api/(.*)$ { proxy_pass http://@B@/$1$is_args$args; }
location ~ ^/(css|js|img|static)/ { root @D@/site; access_log off; expires 1d; }
location = / { return 302 /app/; }
===
set $file "";
if ($uri ~ ^/static/(.*)$) { set $file $1; }
location /static/ { root @D@/static; try_files /$file /css/$file =404; }
location ~* ^/(?!static|media) { proxy_pass http://@A@; }
===
location /docs { alias @D@/site/../static; autoindex on; }
location /media/ {
    alias @D@/media/; location ~ \.(php|html)$ { return 403; } location = /media/a.css { add_header X-One exact; } }
location ~* \.(eot|ttf|woff2?)$ { add_header Access-Control-Allow-Origin *; root @D@/site; }
===
types { text/html html; text/css css; text/javascript js mjs; }
default_type text/plain;
root @D@/site;
location /static/ { types { image/png png; } }
location /media/ { default_type application/x-media; location ~ \.css$ { types { text/x-css css; } } }
===
root @D@/html;
location / { try_files /maintenance.html $uri $uri/index.html $uri.html @app; }
location @app { try_files /static$uri =404; root @D@/site; add_header X-Two named; }
error_page 404 /404.html?from=$uri;
===
location /static/ { rewrite ^/static/(?<rest>.*)$ /$rest break; root @D@/static; }
location /media/ {
    set $where media; if ($arg_v) { set $where site/$arg_v; } root @D@/$where; rewrite ^/media(.*)$ $1 break; }
location /old/ { rewrite ^/old/(.*)$ /$1? permanent; }
location /a/ { rewrite ^/a/b/(.*)$ /static/$1; rewrite ^/static/(.*)\.css$ /media/$1.css last; root @D@/site; }
===
root @D@/site;
location / { deny 127.0.0.9; error_page 403 @denied; }
location @denied { return 302 /static/?next=$uri; }
location /private/ { satisfy all; deny all; error_page 403 =404 /404.html; }
location /admin { limit_except GET { allow 127.0.0.1; deny all; } try_files $uri $uri/ /index.html; }
===
add_header Cache-Control "no-cache";
add_header Vary Accept;
root @D@/site;
location / { add_header Last-Modified ""; etag off; expires off; if ($http_accept ~ webp) { add_header X-One webp; } }
location ~ \.[0-9a-f]+\.(css|js)$ { expires max; add_header Cache-Control immutable; gzip_static always; }
""".strip()


def parse(text: str) -> tuple[Node, ...]:
    """A configuration's text as directives; a comment is not understood."""
    tokens = _TOKEN.findall(text)
    tokens.reverse()
    return _block(tokens)


def _block(tokens: list[str]) -> tuple[Node, ...]:
    nodes: list[Node] = []
    words: list[str] = []
    while tokens:
        token = tokens.pop()
        if token == "}":
            break
        if token == ";":
            nodes.append(Node(words[0], tuple(words[1:])))
        elif token == "{":
            nodes.append(Node(words[0], tuple(words[1:]), _block(tokens)))
        if token in {";", "{"}:
            words = []
        else:
            words.append(token)
    return tuple(nodes)


def sites() -> list[tuple[tuple[Node, ...], tuple[Node, ...]]]:
    """(inside of the server, what stands beside it) of every site."""
    pairs = [each.partition("\n---\n") for each in SITES.split("\n===\n")]
    return [(parse(inside), parse(beside)) for inside, _, beside in pairs]
