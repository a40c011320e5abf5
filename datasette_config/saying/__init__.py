"""Rows -> the words and shapes that a page shows. Pure: what is needed is given."""
