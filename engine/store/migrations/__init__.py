"""How a database comes from any older shape to today's, and back.

A revision says in full what it does, and imports nothing of the store: it must still do the same
when the store has changed. docs/store.md tells how one is added.
"""
