"""The kinds of caches that can be told to forget, and what a setting says of each."""

# by kind: the keys beside it, of those the ones that must be there
KEYS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "cloudfront": (frozenset({"distribution", "strip", "api"}), frozenset({"distribution"})),
    "cloudflare": (frozenset({"zone", "origins", "fetched", "strip", "api"}), frozenset({"zone"})),
    "fastly": (frozenset({"api"}), frozenset()),
    "bunny": (frozenset({"api"}), frozenset()),
    "plain": (frozenset({"addresses"}), frozenset()),
}
LISTS = ("addresses", "origins")  # keys whose values are several texts
# by kind: the variable of the environment that holds the secret
VARIABLES = {"cloudflare": "CLOUDFLARE_API_TOKEN", "fastly": "FASTLY_API_TOKEN", "bunny": "BUNNYNET_API_KEY"}
