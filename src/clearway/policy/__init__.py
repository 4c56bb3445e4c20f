"""What a media file may do to a browser: pure rules, the same wherever media are served."""
