"""Statements for many rows at once, bound by the server and in binary.

Django's own cursor writes every value into the statement as text, which for a batch of
telemetry is most of the work. Joins the transaction of the default connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import Cursor


# Any: rows of SQL.
def run(statement: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    """The rows that the statement returns."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(statement.encode(), parameters, binary=True)
        return cursor.fetchall() if cursor.description else []


def columns(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """Rows as one array a column, for `unnest`."""
    return [list(column) for column in zip(*rows, strict=True)]


def copy(table: str, types: dict[str, str], rows: Iterable[Sequence[object]]) -> None:
    """COPY rows into a table; `types` are its columns in order, each with its PostgreSQL type."""
    connection.ensure_connection()
    statement = f"COPY {table} ({', '.join(types)}) FROM STDIN (FORMAT BINARY)"
    with (
        connection.wrap_database_errors,
        Cursor(connection.connection) as cursor,
        cursor.copy(statement.encode()) as stream,
    ):
        stream.set_types(list(types.values()))
        for row in rows:
            stream.write_row(row)
