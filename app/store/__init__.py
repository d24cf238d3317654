"""The database: tables, the engines that reach them, and what is read and written."""
