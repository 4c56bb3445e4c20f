"""CW541: SELinux or AppArmor refuses what the modes allow."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.doctor.checks.fronts.fronted import OTHER, STATIC, causes, fronted, http, nginx
from tests.doctor.fake_facts import Fake
from tests.doctor.mandatory.test_refusal import AVC, KERNEL, UPSTREAM

from clearway.doctor.facts import Tree
from clearway.doctor.mandatory.refusal import refusals
from clearway.doctor.mandatory.system import Enforced
from clearway.fronts.road import Location

HOME = "unconfined_u:object_r:user_home_t:s0"
LOGGED = (
    '2037/11/20 09:00:11 [error] 7#7: *3 open() "{root}/static/css/site.css" failed (13: Permission denied), client: x'
)


def lines(*texts: str) -> Enforced:
    known = [(text, Location("/var/log/audit/audit.log", number)) for number, text in enumerate(texts, 1)]
    return Enforced(refused=tuple(refusals(known)))


def avc(path: str, program: str = "nginx", label: str = "user_home_t") -> str:
    return AVC.replace('name="site.css"', f'path="{path}"').replace("nginx", program).replace("user_home_t", label)


def site(
    root: Path, enforced: Enforced, log: str = "", papers: dict[str, str] | None = None, mode: int = 0o755
) -> Fake:
    """A site whose files the worker may read; `log` is in the error log that its configuration names."""
    root.chmod(0o755)
    (root / "error.log").write_text(log.replace("{root}", str(root)), "utf-8")
    facts = fronted(root, http(nginx(STATIC), more="error_log {root}/error.log;"), worker=OTHER)
    (root / "static").chmod(mode)
    return Fake(**facts.given | {"enforced": enforced, "papers": Tree(str(root), papers or {})})


def labelled(label: str, domain: str = "httpd_t", *switches: str, enforcing: bool = True) -> Enforced:
    return Enforced(enforcing, domain, booleans=frozenset(switches), label_of=lambda _: label)


def profiled(rules: str | None) -> Enforced:
    return Enforced(profile="/usr/sbin/nginx", rules=rules)


Case = Callable[[Path], Fake]
FIRES: dict[str, Case] = {
    "a line of the audit log": lambda root: site(root, lines(avc(f"{root}/static/css/site.css"))),
    "a line about a directory above": lambda root: site(root, lines(avc(str(root)))),
    "a name alone": lambda root: site(root, lines(AVC)),
    "a line of AppArmor": lambda root: site(root, lines(KERNEL.replace("/srv/shop", str(root)))),
    "a saved log": lambda root: site(root, Enforced(), papers={"audit.log": avc(f"{root}/static/css/site.css")}),
    "a connection": lambda root: site(root, Enforced(), papers={"logs/error.log": UPSTREAM}),
    "a connection in the error log": lambda root: site(root, Enforced(), UPSTREAM),
    "a label": lambda root: site(root, labelled(HOME)),
    "a label with another switch": lambda root: site(root, labelled(HOME, "httpd_t", "httpd_use_nfs")),
    "a profile": lambda root: site(root, profiled("/var/www/** r,")),
    "the error log, under SELinux": lambda root: site(root, Enforced(enforcing=True), LOGGED.replace("2037", "2020")),
    "the error log, after the last change": lambda root: site(root, Enforced(), LOGGED),
}
SILENT: dict[str, Case] = {
    "nothing": lambda root: site(root, Enforced()),
    "another program": lambda root: site(
        root, lines(avc(f"{root}/static/css/site.css", "smbd").replace("httpd_t", "smbd_t"))
    ),
    "another file": lambda root: site(root, lines(avc("/var/backups/dump.sql"))),
    "another name": lambda root: site(root, lines(AVC.replace("site.css", "dump.sql"))),
    "a label that was changed": lambda root: site(
        root,
        Enforced(
            refused=lines(avc(f"{root}/static/css/site.css")).refused,
            label_of=lambda _: "system_u:object_r:httpd_sys_content_t:s0",
        ),
    ),
    "a label that may be read": lambda root: site(root, labelled("system_u:object_r:httpd_sys_content_t:s0")),
    "a label of which nothing is known": lambda root: site(root, labelled("system_u:object_r:shop_content_t:s0")),
    "a label with its switch": lambda root: site(root, labelled(HOME, "httpd_t", "httpd_read_user_content")),
    "a domain without limits": lambda root: site(root, labelled(HOME, "unconfined_t")),
    "a policy that only notes": lambda root: site(root, labelled(HOME, enforcing=False)),
    "a profile that allows": lambda root: site(root, profiled(f"{root}/static/** r,")),
    "a profile that is not here": lambda root: site(root, profiled(None)),
    "the error log, before a change": lambda root: site(root, Enforced(), LOGGED.replace("2037", "2020")),
    "what the modes refuse": lambda root: site(root, lines(avc(f"{root}/static/css/site.css")), mode=0o700),
}


@pytest.mark.parametrize("name", FIRES)
def test_it_is_told_once(name: str, place: Path) -> None:
    (finding,) = causes("CW541", FIRES[name](place))
    assert (finding.cause, finding.level) == ("mac-policy", "error")
    assert finding.evidence


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, place: Path) -> None:
    assert causes("CW541", SILENT[name](place)) == []
