"""The reader pages and their addresses. None may equal the database's name."""

from datasette_config.api.routes import ROUTES as API
from datasette_config.pages import (
    change,
    changes,
    chart,
    compare,
    document,
    feed,
    health,
    home,
    incidents,
    licence,
    picture,
    search,
    sign_in,
    source,
    sources,
)
from datasette_config.remembering import remembered

ROUTES = [
    (r"^/$", remembered(home.home)),
    (r"^/changes$", remembered(changes.changes)),
    (r"^/change/(?P<id>ch-[0-9a-f]{1,64})$", remembered(change.change)),
    (r"^/change/(?P<id>ch-[0-9a-f]{1,64})/evidence\.json$", remembered(change.pack)),
    (r"^/chart/changes\.svg$", remembered(chart.changes)),
    (r"^/documents$", remembered(document.documents)),
    (r"^/document/(?P<id>[a-z]{2}-[0-9a-f]{1,64})$", remembered(document.document)),
    (
        r"^/document/(?P<id>[a-z]{2}-[0-9a-f]{1,64})/compare/(?P<before>ve-[0-9a-f]{1,64})\.\.(?P<after>ve-[0-9a-f]{1,64})$",
        compare.old_address,
    ),
    (
        r"^/document/(?P<id>[a-z]{2}-[0-9a-f]{1,64})/version/(?P<version>ve-[0-9a-f]{1,64})$",
        remembered(document.version),
    ),
    (r"^/document/(?P<id>[a-z]{2}-[0-9a-f]{1,64})/compare$", remembered(compare.compare_versions)),
    (r"^/picture/(?P<id>ca-[0-9a-f]{1,64})\.png$", picture.picture),
    (r"^/search$", remembered(search.search)),
    (r"^/sources$", remembered(sources.sources)),
    (r"^/source/(?P<id>[a-z0-9.-]{1,80})$", remembered(source.source)),
    (r"^/source/(?P<id>[a-z0-9.-]{1,80})/looks\.svg$", remembered(source.looks)),
    (r"^/licences$", remembered(licence.every_licence)),
    (r"^/licence/(?P<id>[a-z0-9_.-]{1,80})$", remembered(licence.licence)),
    (r"^/incidents$", remembered(incidents.incidents)),
    (r"^/feed\.atom$", remembered(feed.feed)),
    (r"^/changes\.atom$", remembered(feed.filtered)),
    (r"^/search\.atom$", remembered(feed.of_search)),
    (r"^/licence/(?P<id>[a-z0-9_.-]{1,80})/feed\.atom$", remembered(feed.of_licence)),
    (r"^/source/(?P<id>[a-z0-9_.-]{1,80})/feed\.atom$", remembered(feed.of_source)),
    (r"^/document/(?P<id>[a-z]{2}-[0-9a-f]{1,64})/feed\.atom$", remembered(feed.of_document)),
    (r"^/healthz$", health.healthz),
    (r"^/sign-in$", sign_in.sign_in),
    (r"^/sign-out$", sign_in.sign_out),
    *API,
]
