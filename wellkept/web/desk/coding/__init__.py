"""What the coding pages are made of: the lines to decide, the choices for one of them and why, and the proof."""
