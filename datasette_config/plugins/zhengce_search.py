"""Datasette hooks: the search box of the table pages. See ``datasette_config.finding.table_search``."""

from datasette import hookimpl

from datasette_config.finding.table_search import filters


@hookimpl(trylast=True)
def filters_from_request(request, database, table):
    """Last, because Datasette's own says that a table without an index of its name has no box."""
    return filters(request, database, table)
