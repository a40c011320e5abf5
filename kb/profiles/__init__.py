"""业务画像: what a service is -> which licence types usually, sometimes or rarely concern it, and why.

Pure: the questions and the rules are tables that a lawyer reads and mends (``questions.toml``, ``rules.toml``); the
same answers and the same tables give the same advice. Guidance, not legal advice.
"""

from kb.profiles.assess import Advice, Missing, assess, unanswered
from kb.profiles.diff import Difference, Moved, compare
from kb.profiles.model import Profile, answered, load, read_profile, readable, written
from kb.profiles.questions import Question, questions
from kb.profiles.rules import Likelihood

__all__ = [
    "Advice",
    "Difference",
    "Likelihood",
    "Missing",
    "Moved",
    "Profile",
    "Question",
    "answered",
    "assess",
    "compare",
    "load",
    "questions",
    "read_profile",
    "readable",
    "unanswered",
    "written",
]
