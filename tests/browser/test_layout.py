"""The pages in a real browser, wide and narrow, light and dark."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.slow

PAGES = {
    "home": "/",
    "change": "/change/ch-a1",
    "draft": "/change/ch-b1",
    "platform": "/change/ch-c1",
    "document": "/document/do-a1",
    "compare": "/document/do-a1/compare/ve-a1..ve-a2",
    "search": "/search?q=备案信息",
    "nothing": "/search?q=火星",
    "sources": "/sources",
    "incidents": "/incidents",
    "licence": "/licence/algorithm-filing",
    "documents": "/documents",
    "tables": "/kb/changes",
}
CONTRAST = """
(() => {
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const colour = text => text.match(/[\\d.]+/g).map(Number);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const [r, g, b, a = 1] = colour(getComputedStyle(node).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll('body *')) {
    const words = [...node.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim());
    if (!words.length || node.closest('.sr, .skip') || !node.offsetParent) continue;
    const [light, dark] = [luminance(colour(getComputedStyle(node).color)), luminance(behind(node))].sort().reverse();
    if ((light + .05) / (dark + .05) < 4.5) poor.push(node.tagName + '.' + node.className + ' ' + words[0].textContent.trim());
  }
  return poor;
})()
"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_loads_without_a_complaint(browser, address, pictures, name, width):
    complaints = browser.open(address + PAGES[name], width)
    browser.picture(pictures / f"{name}-{width}.png")
    assert complaints == []
    wider = browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{wider} px to the right of a {width} px screen"
    assert (pictures / f"{name}-{width}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", [name for name in PAGES if name != "tables"])
def test_words_stand_out_from_their_ground(browser, address, name, dark):
    browser.open(address + PAGES[name], 1280, dark=dark)
    assert browser.evaluate(CONTRAST) == []


@pytest.mark.parametrize(("width", "columns"), [(1280, 2), (900, 2), (780, 1), (390, 1)])
def test_before_and_after_stand_side_by_side_only_on_a_wide_screen(browser, address, width, columns):
    browser.open(address + "/document/do-a1/compare/ve-a1..ve-a2", width)
    tracks = browser.evaluate("getComputedStyle(document.querySelector('.diff')).gridTemplateColumns")
    assert len(re.findall(r"[\d.]+px", tracks)) == columns


def test_a_citation_leads_to_its_passage(browser, address):
    browser.open(address + "/document/do-a1#第二十四条", 1280)
    assert "五个工作日" in browser.evaluate("document.querySelector(':target').textContent")


def test_the_cue_for_marks_is_read_but_not_seen(browser, address):
    browser.open(address + "/change/ch-a1", 1280)
    size = browser.evaluate(
        "(() => { const box = document.querySelector('del .sr').getBoundingClientRect(); return [box.width, box.height] })()"
    )
    assert max(size) <= 1
    assert browser.evaluate("document.querySelector('del').textContent").startswith("删：")
