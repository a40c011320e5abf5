"""PURE. Two versions of a document -> what differs, clause by clause.

``PassageChange.before`` and ``after`` are the passages' words without their number, which the anchors carry; spans are
offsets into them. A ``split`` or ``merged`` change is one entry: the texts of the several passages are joined by a newline
and their anchors by ``＋``.

``compare.compare`` is the whole of it; nothing is loaded but what is asked for.
"""
