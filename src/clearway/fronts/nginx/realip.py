"""The client behind a trusted proxy: `set_real_ip_from`, `real_ip_header` (ngx_http_realip_module)."""

from clearway.fronts.nginx import addresses
from clearway.fronts.nginx.request import Request
from clearway.fronts.nginx.versions import BRACKETED_CLIENT


def client(request: Request) -> str:
    """The address that rules see."""
    trusted = [rule.words[0] for rule in request.server.nearest("set_real_ip_from")]
    header = request.server.word("real_ip_header", "X-Real-IP").lower()
    named = [each.strip() for each in request.visit.fields.get(header, "").split(",") if each.strip()]
    found = request.visit.client
    while named and any(addresses.within(found, network) for network in trusted):
        written = named.pop()
        address = addresses.without_port(written)
        if address is None or (written.endswith("]") and not request.does(BRACKETED_CLIENT)):
            break
        found = address
        if not request.server.is_on("real_ip_recursive"):
            break
    return found
