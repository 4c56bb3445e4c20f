"""Files that packages of nginx bring, for a configuration that lies elsewhere than the server has it."""

from pathlib import PurePosixPath

_TYPES = """
types {
    text/html html htm shtml;
    text/css css;
    text/xml xml;
    text/plain txt;
    text/vtt vtt;
    image/gif gif;
    image/jpeg jpeg jpg;
    image/png png;
    image/svg+xml svg svgz;
    image/tiff tif tiff;
    image/webp webp;
    image/avif avif;
    image/x-icon ico;
    font/woff woff;
    font/woff2 woff2;
    audio/mpeg mp3;
    audio/ogg ogg;
    video/mp4 mp4;
    video/webm webm;
    application/javascript js;
    application/atom+xml atom;
    application/rss+xml rss;
    application/json json;
    application/pdf pdf;
    application/wasm wasm;
    application/zip zip;
    application/vnd.ms-fontobject eot;
    application/octet-stream bin exe dll iso img;
}
"""
_PROXY = """
proxy_set_header Host $host;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
proxy_set_header X-Forwarded-Proto $scheme;
"""


_PARAMS = """
{0}_param QUERY_STRING $query_string;
{0}_param REQUEST_METHOD $request_method;
{0}_param CONTENT_TYPE $content_type;
{0}_param CONTENT_LENGTH $content_length;
{0}_param REQUEST_URI $request_uri;
{0}_param {1};
{0}_param DOCUMENT_ROOT $document_root;
{0}_param SERVER_PROTOCOL $server_protocol;
{0}_param REQUEST_SCHEME $scheme;
{0}_param HTTPS $https if_not_empty;
{0}_param REMOTE_ADDR $remote_addr;
{0}_param SERVER_PORT $server_port;
{0}_param SERVER_NAME $server_name;
"""
_FASTCGI = _PARAMS.format("fastcgi", "SCRIPT_NAME $fastcgi_script_name")
_TEXTS = {
    "mime.types": _TYPES,
    "proxy_params": _PROXY,
    "uwsgi_params": _PARAMS.format("uwsgi", "PATH_INFO $document_uri"),
    "scgi_params": _PARAMS.format("scgi", "DOCUMENT_URI $document_uri"),
    "fastcgi_params": _FASTCGI,
    "fastcgi.conf": _FASTCGI,
}


def shipped(path: str) -> str | None:
    """The text of a file of this name, what it says of files and hosts; None where packages bring none."""
    return _TEXTS.get(PurePosixPath(path).name)
