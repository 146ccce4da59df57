"""One folder per outside system. A connector speaks the other side's language and calls the rooms' actions."""
