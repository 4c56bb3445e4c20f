"""Order among users' files: what no row names, what rows name in vain, wrong modes and types, a move elsewhere."""
