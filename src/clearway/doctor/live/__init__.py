"""A live site as a browser sees it: what a page asks for, what is answered, by whom."""
