"""Addresses as `Require ip` and `Allow from` write them."""

from ipaddress import ip_address, ip_network

from clearway.fronts.unknowable import Unknowable


def covers(written: str, client: str) -> bool:
    """`10.1`, `10.1.0.0/16`, `10.1.0.0/255.255.0.0` or an address. Raises Unknowable for a name."""
    address = ip_address(client)
    try:
        network = ip_network(_whole(written), strict=False)
    except ValueError:
        raise Unknowable(f"Whether {client} is {written} is asked of the name service.") from None
    return address.version == network.version and address in network


def _whole(written: str) -> str:
    """A part of an IPv4 address stands for all that begin with it."""
    host, slash, mask = written.partition("/")
    parts = host.rstrip(".").split(".")
    if slash or ":" in host or not all(part.isdigit() for part in parts) or len(parts) == 4:
        return host.rstrip(".") + slash + mask
    return ".".join([*parts, *["0"] * (4 - len(parts))]) + f"/{8 * len(parts)}"
