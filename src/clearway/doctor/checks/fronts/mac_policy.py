"""SELinux or AppArmor refuses what the modes allow.

What it means
    Beside modes and owners the kernel asks a policy: SELinux by the labels of process and file, AppArmor by the paths
    in the process's profile. chmod changes nothing about it.

Why it breaks in production but not locally
    runserver runs as you, in a domain without limits; the web server's service has a domain or a profile of its own.

See it yourself
    ausearch -m AVC -ts recent; ls -lZ of the file; aa-status; journalctl -k | grep DENIED

Fix
    SELinux: semanage fcontext -a -t httpd_sys_content_t "DIRECTORY(/.*)?" and restorecon -Rv DIRECTORY; for connections
    to the application setsebool -P httpd_can_network_connect on. AppArmor: add the directory to the profile's file in
    /etc/apparmor.d/local, and load it with apparmor_parser -r.

When to ignore
    Where the refusals are from a time before the policy was changed.
"""

from collections.abc import Iterator

from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.mandatory.judging import Judged, judged
from clearway.doctor.rule import Layer, Rule

RULE = Rule(
    "CW541",
    "mac-policy",
    "mac-policy",
    Level.ERROR,
    Layer.PERMISSION,
    ("settings", "enforced"),
    ("front", "roads", "papers"),
)
_EFFECTS = {
    "static": "static files are 403, though their modes let everybody read them",
    "media": "uploads are 403, or cannot be written, though the modes allow it",
    "page": "every page is 502: the web server may not connect to the application",
}


def look(facts: Facts) -> Iterator[Finding]:
    found = None if facts.settings["DEBUG"] else judged(facts)
    if found:
        remedy, commands = _remedy(found)
        yield RULE.finding(
            f"{found.by} refuses {found.program} {found.what}, which the modes allow",
            *found.proof,
            location=found.location,
            effect=_EFFECTS[found.kind],
            fix=Fix(remedy, commands=commands),
            breaks=frozenset({found.kind}),
        )


def _remedy(found: Judged) -> tuple[str, tuple[str, ...]]:
    if found.kind == "page":
        return "let the web server connect", ("setsebool -P httpd_can_network_connect on",)
    if found.by == "AppArmor":
        mode = "rw" if found.is_write else "r"
        local = f"/etc/apparmor.d/local/{found.profile.strip('/').replace('/', '.')}"
        return f"add `{found.root}/** {mode},` to {local}, and load the profile again with apparmor_parser -r", ()
    label = "httpd_sys_rw_content_t" if found.is_write else "httpd_sys_content_t"
    return (
        f"label {found.root} as {label}",
        (f"semanage fcontext -a -t {label} '{found.root}(/.*)?'", f"restorecon -Rv {found.root}"),
    )
