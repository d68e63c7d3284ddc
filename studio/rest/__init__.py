"""The REST API: whatever the screens do, for machines. Described by OpenAPI 3.1 from one table.

An operation that is not in the table has no route, and a route that is not described does not exist.
"""

from studio.rest.routes import rest_interface

__all__ = ["rest_interface"]
