"""The reader pages and their addresses. None may equal the database's name."""

from datasette_config.pages import (
    change,
    compare,
    document,
    feed,
    health,
    home,
    incidents,
    licence,
    picture,
    search,
    sources,
)

ROUTES = [
    (r"^/$", home.home),
    (r"^/change/(?P<id>ch-[0-9a-f]{1,64})$", change.change),
    (r"^/documents$", document.documents),
    (r"^/document/(?P<id>[a-z]{2}-[0-9a-f]{1,64})$", document.document),
    (
        r"^/document/(?P<id>[a-z]{2}-[0-9a-f]{1,64})/compare/(?P<before>ve-[0-9a-f]{1,64})\.\.(?P<after>ve-[0-9a-f]{1,64})$",
        compare.compare_versions,
    ),
    (r"^/picture/(?P<id>ca-[0-9a-f]{1,64})\.png$", picture.picture),
    (r"^/search$", search.search),
    (r"^/sources$", sources.sources),
    (r"^/licences$", licence.every_licence),
    (r"^/licence/(?P<id>[a-z0-9_.-]{1,80})$", licence.licence),
    (r"^/incidents$", incidents.incidents),
    (r"^/feed\.atom$", feed.feed),
    (r"^/healthz$", health.healthz),
]
