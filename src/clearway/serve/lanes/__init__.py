"""Lanes: answers given where a server first knows the request, before a thread, an environ or a scope exists."""
