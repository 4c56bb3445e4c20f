"""Rules for Cloudflare's Rulesets API, and a Worker where files come from a bucket.

Sources: "Rulesets API", "Cache Rules", "Transform Rules", and the Fetch handler of Workers in Cloudflare's reference.
"""

import json
from typing import Any

from .cdn import Cdn, Printed, shared_notes
from .javascript import choosing, extensions

_WORKER = """
// Workers: one script, on the route {route}
var PREFIX = {prefix};
var ORIGIN = {origin};
var STRIPPED = {stripped};
var EXTENSIONS = {extensions};
{choosing}

function address(path) {{
  return ORIGIN + (STRIPPED ? '/' + path.slice(PREFIX.length) : path);
}}

function ask(path, request) {{
  var headers = new Headers();
  ['If-None-Match', 'If-Modified-Since', 'Range', 'If-Range'].forEach(function (name) {{
    if (request.headers.has(name)) headers.set(name, request.headers.get(name));
  }});
  return fetch(address(path), {{
    method: request.method,
    headers: headers,
    cf: {{ cacheEverything: true, cacheTtlByStatus: {{ '300-303': -1, '305-599': -1 }} }}
  }});
}}

function answered(response, isMissing) {{
  var headers = new Headers(response.headers);
  headers.set('Access-Control-Allow-Origin', '*');
  headers.set('X-Content-Type-Options', 'nosniff');
  headers.delete('Set-Cookie');
  if (EXTENSIONS.length) headers.set('Vary', 'Accept-Encoding');
  if (isMissing || response.status >= 400) headers.set('Cache-Control', 'no-store');
  return new Response(response.body, {{ status: response.status, statusText: response.statusText, headers: headers }});
}}

function variant(path, request) {{
  var extension = /\\.([^.\\/]+)$/.exec(path);
  if (!extension || EXTENSIONS.indexOf(extension[1].toLowerCase()) < 0 || request.headers.has('Range')) return '';
  var told = request.cf && request.cf.clientAcceptEncoding;
  var coding = chosen(told || request.headers.get('Accept-Encoding') || '');
  return coding && path + SUFFIXES[coding];
}}

export default {{
  async fetch(request) {{
    if (request.method !== 'GET' && request.method !== 'HEAD') {{
      var fields = {{ Allow: 'GET, HEAD, OPTIONS', 'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS' }};
      fields['Access-Control-Allow-Headers'] = '*';
      var status = request.method === 'OPTIONS' ? 204 : 405;
      return answered(new Response(null, {{ status: status, headers: fields }}), false);
    }}
    var path = new URL(request.url).pathname;
    if (path.indexOf(PREFIX) !== 0 || path.slice(-1) === '/' || /\\/(\\.|%2e)/i.test(path)) {{
      return answered(new Response('', {{ status: 404 }}), true);
    }}
    var other = variant(path, request);
    var response = other ? await ask(other, request) : null;
    // what is too small to be encoded has no variant, and a bucket says 403 where it may not be listed
    if (!response || response.status === 404 || response.status === 403) response = await ask(path, request);
    return answered(response, false);
  }}
}};
"""


def write(cdn: Cdn) -> Printed:
    """The rules by phase; the Worker where a bucket is asked."""
    return Printed({"rules": json.dumps(_rules(cdn), indent=2), **_worker(cdn)}, _notes(cdn))


def _worker(cdn: Cdn) -> dict[str, str]:
    if not cdn.origin.bucket:
        return {}
    script = _WORKER.format(
        route=f"{cdn.host}{cdn.prefix}*",
        prefix=json.dumps(cdn.prefix),
        origin=json.dumps(cdn.origin.url),
        stripped=json.dumps(bool(cdn.stripped)),
        extensions=json.dumps(extensions() if cdn.codings else []),
        choosing=choosing(cdn.codings),
    )
    return {"worker": script.lstrip()}


def _rules(cdn: Cdn) -> dict[str, Any]:
    """What goes to PUT /zones/{zone_id}/rulesets/phases/{phase}/entrypoint, by phase."""
    where = f"(http.host eq {_text(cdn.host)} and starts_with(http.request.uri.path, {_text(cdn.prefix)}))"
    hidden = f"(http.host eq {_text(cdn.host)} and starts_with(http.request.uri.path, {_text(cdn.hidden)}))"
    headers = {
        "Access-Control-Allow-Origin": {"operation": "set", "value": "*"},
        "X-Content-Type-Options": {"operation": "set", "value": "nosniff"},
        "Set-Cookie": {"operation": "remove"},
    }
    return {
        "http_request_firewall_custom": _ruleset(hidden, "block", None, "Records of releases are nobody's business"),
        "http_request_cache_settings": _ruleset(where, "set_cache_settings", _caching(), "Static files: as they say"),
        "http_response_headers_transform": _ruleset(where, "rewrite", {"headers": headers}, "Static files: CORS"),
    }


def _ruleset(expression: str, action: str, parameters: dict[str, Any] | None, text: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"description": text, "expression": expression, "action": action, "enabled": True}
    return {"rules": [rule | ({"action_parameters": parameters} if parameters else {})]}


def _caching() -> dict[str, Any]:
    never = [{"status_code_range": {"from": 400, "to": 599}, "value": -1}]
    return {
        "cache": True,
        "edge_ttl": {"mode": "respect_origin", "status_code_ttl": never},
        "browser_ttl": {"mode": "respect_origin"},
        "cache_key": {"custom_key": {"query_string": {"exclude": {"all": True}}}},
    }


def _text(text: str) -> str:
    """As the rules language writes a text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _notes(cdn: Cdn) -> list[str]:
    notes = [
        "rules: each goes to PUT /zones/{zone_id}/rulesets/phases/{phase}/entrypoint, after those that you have there",
        "cache_key is refused by plans without custom cache keys: leave it out, and a query makes a copy of its own",
        'Cloudflare keeps what was asked for with an Origin apart: name the site\'s in the "origins" of the purge',
    ]
    if cdn.origin.bucket:
        notes.append(
            f"worker: npx wrangler deploy, with the route {cdn.host}{cdn.prefix}*; it asks {cdn.origin.url} without a "
            "signature, so make that the public or custom domain of the bucket"
        )
        strip = f', "strip": "{cdn.stripped.rstrip("/")}"' if cdn.stripped else ""
        notes.append(
            "Cloudflare keeps what the Worker fetches under the address that it fetches: "
            f'CLEARWAY["publish"]["purge"] needs "fetched": "{cdn.origin.url}"{strip}, '
            "and the zone of that host where that is one of Cloudflare's"
        )
    else:
        notes.append(
            f"the record of {cdn.host} leads to the application, proxied; its server must answer for that host"
        )
    if cdn.codings:
        notes.append("variants: the Worker asks for the variant, and for the plain file where there is none")
    return [*notes, *shared_notes(cdn)]
