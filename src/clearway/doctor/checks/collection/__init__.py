"""What collectstatic made, or did not."""
