"""PURE. Text or change -> the licence types it concerns, each with its evidence span and the reason."""

from kb.tagging.changes import tag_change
from kb.tagging.rules import tag

__all__ = ["tag", "tag_change"]
