"""What stands before Django: configurations of nginx, Caddy and Apache read, routed and written; permissions."""
