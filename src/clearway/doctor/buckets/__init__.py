"""Object stores as settings and files of a project tell of them: no request is made."""
