"""A small web written by us: eight sites on loopback addresses over four days, for the demonstration and the tests.

Shaped like the real sites of ``docs/sources.md``, with fictional content of our own. ``SampleWeb`` serves it,
``render_declarations`` writes the declarations to watch it with, ``truth.expected(day)`` says what must be found.
"""

from crawler.sample_web.declarations import render_declarations
from crawler.sample_web.script import DAYS
from crawler.sample_web.server import SampleWeb

__all__ = ["DAYS", "SampleWeb", "render_declarations"]
