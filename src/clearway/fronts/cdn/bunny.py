"""Settings of a pull zone of bunny.net, and its edge rules.

Sources: "Add Pull Zone" and "Add/Update Edge Rule" of bunny.net's API.
"""

import json
from typing import Any
from urllib.parse import unquote

from .cdn import Cdn, Printed, shared_notes

_BLOCK, _SET_RESPONSE_HEADER = 4, 5  # kinds of actions
_URL, _ANY = 0, 0  # the kind of the trigger; of several patterns or triggers, one is enough


def write(cdn: Cdn) -> Printed:
    """The zone, and its rules in order."""
    parts = {"zone": json.dumps(_zone(cdn), indent=2), "edge-rules": json.dumps(_rules(cdn), indent=2)}
    return Printed(parts, _notes(cdn))


def _zone(cdn: Cdn) -> dict[str, Any]:
    """For POST /pullzone; -1 is for as long as the origin says."""
    signed = {"AWSSigningEnabled": True, "AWSSigningRegionName": cdn.origin.region} if cdn.origin.is_amazon else {}
    return {
        "Name": cdn.name.replace("_", "-"),
        "OriginUrl": cdn.origin.url,
        "AddHostHeader": False,
        "IgnoreQueryStrings": True,
        "EnableQueryStringOrdering": False,
        "DisableCookies": True,
        "EnableAccessControlOriginHeader": False,
        "CacheErrorResponses": False,
        "CacheControlMaxAgeOverride": -1,
        "CacheControlPublicMaxAgeOverride": -1,
        "UseStaleWhileUpdating": False,
        "EnableWebPVary": False,
        "OptimizerEnabled": False,
        **signed,
    }


def _rules(cdn: Cdn) -> list[dict[str, Any]]:
    """For POST /pullzone/{id}/edgerules/addOrUpdate, one a request."""
    where = f"https://{cdn.host}{cdn.prefix}*"
    return [
        _rule(
            "Static files may be read by every origin", _SET_RESPONSE_HEADER, where, "Access-Control-Allow-Origin", "*"
        ),
        _rule("Types are as they are told", _SET_RESPONSE_HEADER, where, "X-Content-Type-Options", "nosniff"),
        _rule("Records of releases", _BLOCK, f"https://{cdn.host}{cdn.hidden}*"),
    ]


def _rule(text: str, action: int, pattern: str, first: str = "", second: str = "") -> dict[str, Any]:
    trigger = {"Type": _URL, "PatternMatchingType": _ANY, "PatternMatches": [pattern]}
    return {
        "Description": text,
        "Enabled": True,
        "ActionType": action,
        "ActionParameter1": first,
        "ActionParameter2": second,
        "TriggerMatchingType": _ANY,
        "Triggers": [trigger],
    }


def _notes(cdn: Cdn) -> list[str]:
    notes = ["zone: POST https://api.bunny.net/pullzone; edge-rules: one after another to its edgerules/addOrUpdate"]
    if cdn.origin.is_amazon:
        notes.append("the zone signs its requests: add AWSSigningKey and AWSSigningSecret of a user that may only read")
    elif cdn.origin.bucket:
        notes.append(f"{cdn.origin.host} is asked without a signature: its objects must be readable by anybody")
    if cdn.has_site:
        notes.append(f"a zone has one origin: give static files a host of their own, or send {cdn.prefix} alone to it")
    if cdn.stripped:
        below = f"{cdn.origin.below}{unquote(cdn.prefix).strip('/')}"
        notes.append(f"a zone takes nothing off a path: publish below {below}, not {cdn.origin.below or 'the top'}")
    if cdn.codings:
        notes.append(
            "variants: a zone cannot choose between objects; it fetches the plain file and compresses it itself, "
            "so the published variants are not used"
        )
    return [*notes, *shared_notes(cdn)]
