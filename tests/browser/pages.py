"""The kinds of pages, each with an address in the made-up base."""

PAGES = {
    "home": "/",
    "changes": "/changes",
    "change": "/change/ch-a1",
    "draft": "/change/ch-b1",
    "platform": "/change/ch-c1",
    "document": "/document/do-a1",
    "as-of": "/document/do-a1?as-of=2026-11-22",
    "compare": "/document/do-a1/compare?from=ve-a1&to=ve-a2",
    "documents": "/documents",
    "search": "/search?q=备案信息",
    "nothing": "/search?q=火星",
    "licences": "/licences",
    "licence": "/licence/algorithm-filing",
    "calendar": "/calendar",
    "profile": "/profile",
    "profiled": "/profile?form=website&charge=paid&output=image,music&base=form:website;charge:paid",
    "source": "/source/sample.ca.notice",
    "sources": "/sources",
    "incidents": "/incidents",
    "missing": "/document/do-0",
    "shelf": "/kb",
    "tables": "/kb/changes",
    "row": "/kb/changes/1",
    "query": "/kb/licence_changes?licence=algorithm-filing&since=",
    "guide": "/api",
}
STOCK = {"shelf", "tables", "row", "query"}
OWN = {name: path for name, path in PAGES.items() if name not in STOCK}
