"""What each directive becomes."""

from collections.abc import Mapping

from . import answering, encoding, proxying, serving
from .compiling import Maker

MAKERS: Mapping[str, Maker] = {
    "root": answering.root,
    "vars": answering.variables,
    "map": answering.mapping,
    "header": answering.header,
    "request_header": answering.request_header,
    "request_body": answering.request_body,
    "redir": answering.redir,
    "rewrite": answering.rewrite,
    "method": answering.method,
    "uri": answering.uri,
    "respond": answering.respond,
    "error": answering.error,
    "abort": answering.abort,
    "basicauth": answering.basic_auth,
    "basic_auth": answering.basic_auth,
    "metrics": answering.unknown_end,
    "encode": encoding.make,
    "reverse_proxy": proxying.reverse_proxy,
    "php_fastcgi": proxying.php_fastcgi,
    "forward_auth": proxying.forward_auth,
    "file_server": serving.make,
}
