"""What a build produced and what a URL path stands for: assets, releases, their files on disk, the catalog."""
