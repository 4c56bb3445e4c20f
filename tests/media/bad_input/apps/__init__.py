"""The project behind real servers. BAD_INPUT_HOME names the tree; ROAD and GATE what private files and uploads pass."""
