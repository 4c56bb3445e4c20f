"""The hash by which `split_clients` divides (MurmurHash2, public domain)."""

_MULTIPLIER = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur(data: bytes) -> int:
    """32 bits, seeded with the length as nginx does."""
    state = len(data) & _MASK
    whole = len(data) // 4 * 4
    for at in range(0, whole, 4):
        state = (state * _MULTIPLIER & _MASK) ^ _mixed(int.from_bytes(data[at : at + 4], "little"))
    if data[whole:]:
        state = (state ^ int.from_bytes(data[whole:], "little")) * _MULTIPLIER & _MASK
    state = (state ^ (state >> 13)) * _MULTIPLIER & _MASK
    return state ^ (state >> 15)


def _mixed(word: int) -> int:
    word = word * _MULTIPLIER & _MASK
    return (word ^ (word >> 24)) * _MULTIPLIER & _MASK
