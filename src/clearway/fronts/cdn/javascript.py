"""Negotiation in JavaScript, for networks that run it: the rules of `clearway.http.negotiation`.

Weights only exclude; of what is accepted, the first in our order is taken, since an edge does not know sizes. ES 5.
"""

import json
from collections.abc import Sequence

from clearway.http.media_types import BY_EXTENSION, is_compressible
from clearway.http.negotiation import ALIASES, SUFFIXES

_CHOOSE = r"""
var SUFFIXES = %(suffixes)s;
var ALIASES = %(aliases)s;

function trimmed(text) {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

// RFC 9110, 12.5.3: whether a weight is above zero; a malformed one excludes
function isAllowed(parameters) {
  for (var i = 0; i < parameters.length; i++) {
    var pair = trimmed(parameters[i]);
    var end = pair.indexOf('=') < 0 ? pair.length : pair.indexOf('=');
    if (trimmed(pair.slice(0, end)).toLowerCase() === 'q') {
      var value = pair.slice(end + 1);
      return /^(0(\.[0-9]{0,3})?|1(\.0{0,3})?)$/.test(value) && parseFloat(value) > 0;
    }
  }
  return true;
}

// the coding to answer with, empty for none
function chosen(field) {
  var weights = {};
  var count = 0;
  field.split(',').forEach(function (member) {
    var parts = member.split(';');
    var name = trimmed(parts[0]).toLowerCase();
    if (!name) return;
    var key = '=' + (ALIASES['=' + name] || name);
    if (!(key in weights)) count++;
    weights[key] = weights[key] !== false && isAllowed(parts.slice(1));
  });
  if (count === 1 && weights['=*']) return '';
  for (var coding in SUFFIXES) {
    var known = '=' + coding in weights ? weights['=' + coding] : weights['=*'];
    if (known) return coding;
  }
  return '';
}
"""


def choosing(codings: Sequence[str]) -> str:
    """The function `chosen(field)` from an Accept-Encoding field to one of some codings, and `SUFFIXES`."""
    suffixes = {coding: suffix for coding, suffix in SUFFIXES.items() if coding in codings}
    aliases = {f"={alias}": name for alias, name in ALIASES.items()}
    return (_CHOOSE % {"suffixes": json.dumps(suffixes), "aliases": json.dumps(aliases)}).strip()


def extensions() -> list[str]:
    """Of the files that are encoded, without the dot: what an edge can tell a text by."""
    return sorted(suffix[1:] for suffix, type_ in BY_EXTENSION.items() if is_compressible(type_))
