"""Page bytes -> Document. Pure: the same bytes, address, source and day always give the same answer.

``page.read_page`` for a page of a site, ``text.read_text`` for a file of plain text, ``decode`` for the bytes before, and
``fingerprint`` for the cheap question whether anything moved. Nothing is loaded but what is asked for.
"""
