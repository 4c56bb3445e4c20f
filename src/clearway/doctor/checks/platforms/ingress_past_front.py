"""The ingress leads static files to the application, past the web server that has them.

What it means
    A path of the ingress names a service, and the service a port. The port is that of Django's container; the web
    server in the pod beside it, which would answer the files, is never asked.

Why it breaks in production but not locally
    Locally there is no ingress.

See it yourself
    kubectl describe ingress; kubectl get service NAME -o yaml

Fix
    Lead the path to the port of the web server's container, or let the application answer its files itself.

When to ignore
    Where a middleware of the application answers the files; then this is not reported.
"""

from collections.abc import Iterator

from clearway.doctor.deployed import ingress
from clearway.doctor.deployed.kubernetes import cluster
from clearway.doctor.facts import Facts
from clearway.doctor.finding import Finding, Fix, Level
from clearway.doctor.rule import Layer, Rule
from clearway.doctor.serving import front_files, prefix_of

RULE = Rule(
    "CW806",
    "ingress-past-front",
    "no-route",
    Level.ERROR,
    Layer.PLATFORM,
    ("settings", "process", "static_storage", "papers"),
)


def look(facts: Facts) -> Iterator[Finding]:
    settings, manifests = facts.settings, cluster(facts)
    prefix = prefix_of(facts, "static")
    is_ours = not (facts.process.answers or facts.process.static_view) and facts.static_storage.is_local
    taken = ingress.route(manifests, f"{prefix}clearway-check.css") if is_ours and not settings["DEBUG"] else None
    behind = ingress.container(manifests, taken) if taken else None
    if not taken or not behind or behind in manifests.fronts:
        return
    others = [each for _, each in manifests.fronts]
    if not others or not any(front_files(manifests.configurations, prefix, routed=True)):
        return
    yield RULE.finding(
        f"the ingress leads {prefix} to {behind[1].name}, past {others[0].name}, which has the files",
        f"{taken.location.file}:{taken.location.line} leads {taken.path} to the service {taken.service}, {taken.port}",
        f"that is the port of the container {behind[1].name}",
        f"the configuration of {others[0].name} is the one for {prefix}",
        location=taken.location,
        effect=f"every URL below {prefix} is 404 of the application",
        fix=Fix(f"lead {prefix} to the port of {others[0].name}, in the service or in the ingress"),
        breaks=frozenset({"static"}),
    )
