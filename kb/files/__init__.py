"""Parsers of foreign file formats. Run in a process of their own with limits (``python -I kb/files/__main__.py KIND``);
they import nothing else of this project and answer with simple markup, which ``kb.reading`` reads like any page.
"""
