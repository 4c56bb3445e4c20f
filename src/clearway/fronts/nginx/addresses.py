"""Client addresses against the networks of a configuration."""


def within(client: str, network: str) -> bool:
    """Whether an address lies in `all`, an address, a network or `unix:`; a network that is none holds nobody."""
    if network == "all":
        return True
    if network == "unix:" or client.startswith("unix"):
        return network == "unix:" and client.startswith("unix")
    import ipaddress

    try:
        address, net = ipaddress.ip_address(client.strip("[]")), ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped and net.version == 4:
        address = mapped
    return address.version == net.version and address in net


def between(client: str, first: str, last: str) -> bool:
    """Whether an address lies in a range, both ends included."""
    try:
        return _number(first) <= _number(client) <= _number(last)
    except ValueError:
        return False


def without_port(text: str) -> str | None:
    """An address that may have a port; None for what is none."""
    bare, colon, port = text.rpartition(":")
    if colon and port.isdigit() and (":" not in bare or bare.startswith("[")):
        text = bare
    try:
        _number(text)
    except ValueError:
        return None
    return text.strip("[]")


def _number(text: str) -> tuple[int, int]:
    """Version and value: addresses of one version are in order."""
    import ipaddress

    address = ipaddress.ip_address(text.strip("[]"))
    return address.version, int(address)
