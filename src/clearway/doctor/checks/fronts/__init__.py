"""What the web server before the application does with the files."""
