"""The studio: definitions seen, edited and tried out in a browser. A Flask application factory.

Forbidden here: importing from the engine's rooms (only from `engine`), deciding anything, and
passing a request on that `permissions.ACCESS` does not name.
"""

from studio.factory import create_app
from studio.serving import serve

__all__ = ["create_app", "serve"]
