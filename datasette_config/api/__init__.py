"""The API of the site: ``/api/v1/…``, its OpenAPI document and the page that explains it."""
