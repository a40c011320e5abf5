"""Every page in a real browser: wide and narrow, light and dark, in both languages."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

sys.path.append(str(Path(__file__).parent))
from pages import OWN, PAGES

pytestmark = [pytest.mark.slow, pytest.mark.browser]

GRAVE = {"serious", "critical"}
SMALL = """
() => [...document.querySelectorAll('body *')].filter(node =>
  [...node.childNodes].some(each => each.nodeType === 3 && each.textContent.trim())
  && node.offsetParent && !node.closest('.sr, .skip') && parseFloat(getComputedStyle(node).fontSize) < 12
).map(node => node.textContent.trim().slice(0, 30))
"""

# WCAG 2.2, 2.5.8: links within lines of words are excepted, and a box whose label can be pressed as well.
TIGHT = """
() => [...document.querySelectorAll('a, button, input, select, summary')].filter(node =>
  node.offsetParent && node.type !== 'hidden' && !node.closest('.sr, .skip, label')
  && !(node.tagName === 'A' && getComputedStyle(node).display === 'inline')
).filter(node => { const box = node.getBoundingClientRect(); return Math.min(box.width, box.height) < 24 }
).map(node => node.outerHTML.slice(0, 60))
"""


def grave_faults(tab) -> list[str]:
    """What axe-core finds serious or critical on the page that is open, each with its first place."""
    found = Axe().run(tab).response["violations"]
    return [
        f"{fault['id']}: {fault['help']} at {json.dumps(fault['nodes'][0]['target'])}"
        for fault in found
        if fault["impact"] in GRAVE
    ]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_loads_without_a_complaint(reader, pictures, name, width):
    visitor = reader(width=width)
    tab = visitor.go(PAGES[name])
    tab.screenshot(path=pictures / f"{name}-{width}.png", full_page=True)
    assert [said for said in visitor.complaints if "404" not in said] == []
    wider = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{wider} px to the right of a {width} px screen"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", OWN)
def test_axe_finds_nothing_serious(reader, name, dark):
    assert grave_faults(reader(dark=dark).go(OWN[name])) == []


@pytest.mark.parametrize("name", OWN)
def test_axe_finds_nothing_serious_on_a_narrow_screen_in_english(reader, name):
    path = OWN[name]
    assert grave_faults(reader(width=390).go(f"{path}{'&' if '?' in path else '?'}lang=en")) == []


@pytest.mark.parametrize("name", OWN)
def test_no_words_are_too_small_to_read(reader, name):
    assert reader(width=390).go(OWN[name]).evaluate(SMALL) == []


@pytest.mark.parametrize("name", OWN)
def test_what_is_pressed_is_large_enough_for_a_finger(reader, name):
    assert reader(width=390).go(OWN[name]).evaluate(TIGHT) == []
