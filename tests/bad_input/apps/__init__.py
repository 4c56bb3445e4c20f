"""What is put behind the real servers; BAD_INPUT_HOME names the tree."""
