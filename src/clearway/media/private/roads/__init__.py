"""How a private file gets to the client: one object, chosen by the setting and never by a request."""
