"""The two functions that CloudFront runs for static files in a bucket: cloudfront-js-2.0, in ES 5."""

import json
from collections.abc import Sequence

from .cdn import Cdn
from .javascript import choosing

LARGEST = 10_240  # octets of a function

_HANDLER = """
var HASH = /\\.[0-9a-f]{12}(\\.[^.\\/]*)?$/;

function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (uri.slice(-1) === '/' || /\\/(\\.|%2e)/i.test(uri)) return MISSING;
  var path = uri.indexOf(PREFIX) === 0 ? uri.slice(PREFIX.length) : '';
  if (!path) return MISSING;
  if (STRIPPED) request.uri = uri = '/' + path;
  var accepted = request.headers['accept-encoding'];
  if (accepted && !request.headers.range && '=' + path.replace(HASH, '$1') in NAMES) {
    var rows = accepted.multiValue || [accepted];
    var coding = chosen(rows.map(function (row) { return row.value; }).join(','));
    if (coding) request.uri = uri + SUFFIXES[coding];
  }
  return request;
}
"""
_MISSING = """
var MISSING = {
  statusCode: 404,
  statusDescription: 'Not Found',
  headers: {
    'cache-control': { value: 'no-store' },
    'access-control-allow-origin': { value: '*' },
    'x-content-type-options': { value: 'nosniff' }
  }
};
"""
_RESPONSE = """
function handler(event) {
  var response = event.response;
  response.headers.vary = { value: 'Accept-Encoding' };
  response.headers['access-control-allow-origin'] = { value: '*' };
  return response;
}
"""


def request_function(cdn: Cdn) -> str:
    """Hides what is no file, takes the prefix off where the bucket has none, and picks a variant."""
    code = _request_function(cdn, [])
    room = LARGEST - len(code.encode())
    return _request_function(cdn, _fitting(cdn.names, room)) if cdn.codings else code


def _request_function(cdn: Cdn, names: Sequence[str]) -> str:
    told = {f"={name}": 1 for name in names}
    return "\n".join(
        [
            f"var PREFIX = {json.dumps(cdn.prefix)};",
            f"var STRIPPED = {json.dumps(bool(cdn.stripped))};",
            f"var NAMES = {json.dumps(told, separators=(',', ':'))};",
            _MISSING.strip(),
            choosing(cdn.codings),
            _HANDLER.strip(),
            "",
        ]
    )


def _fitting(names: Sequence[str], room: int) -> list[str]:
    """The first names, as many as there is room for in octets."""
    found: list[str] = []
    for name in names:
        room -= len(json.dumps(f"={name}")) + 3  # ":1,"
        if room < 0:
            break
        found.append(name)
    return found


def response_function() -> str:
    """Says of which request field the answer depends, and that every origin may read it, also one that did not ask."""
    return _RESPONSE.lstrip()
