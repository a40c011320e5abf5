"""Page numbers in addresses: what cannot be read is the first page."""

from datasette.utils.asgi import Request

LAST = 1000


def page_number(request: Request) -> int:
    asked = request.args.get("page") or ""
    return max(1, min(int(asked[:6]), LAST)) if asked.isascii() and asked.isdigit() else 1


def pages(total: int, per_page: int) -> int:
    return -(-total // per_page)
