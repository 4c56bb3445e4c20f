"""What platforms, images and containers do with the files."""
