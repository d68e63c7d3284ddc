"""What Alembic runs for each migration, on the connection that `engine.store.revisions` opened."""

from alembic import context

from engine.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,  # for the names of its constraints
    transactional_ddl=True,  # SQLite's as well: the store says BEGIN itself
)
with context.begin_transaction():
    context.run_migrations()
