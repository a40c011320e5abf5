"""From what was typed to what was found: documents and their passages, phrases over time, ids, the box of the tables."""
