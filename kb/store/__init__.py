"""The only writer of kb.db. Everything in it is derived from captures, declarations and decisions."""
