"""Writing an entry: one row, in the transaction of whoever reads or changes something."""

from uuid import UUID

from django.db import connections

from stonebridge.safeguards.log.entry import Event, seal
from stonebridge.safeguards.log.store import store_for


def append(event: Event, *, using: str = "default") -> UUID:
    """Write ``event`` in the current transaction of the connection ``using``; its identifier.

    The row is numbered after commit. The role may add and nothing else: what was written
    cannot be read back, changed or taken away with the same connection.

    Raises:
        DatabaseError: it cannot be written; nothing may then be shown or changed.
    """
    store = store_for(event)
    sealed = seal(event, store.tag_key)
    with connections[using].cursor() as cursor:
        cursor.execute(store.sql("SELECT {append}(%s, %s, %s, %s)"), [event.id, sealed.salt, sealed.event, sealed.tag])
    return event.id
