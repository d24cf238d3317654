"""The database's migrations, in order, each for SQLite and PostgreSQL."""
