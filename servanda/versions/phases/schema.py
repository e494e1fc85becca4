"""Schema of a database, as one value that says whether a migration has changed it."""

from __future__ import annotations

from typing import Final

import psycopg

from servanda.errors import InfrastructureError

_CONNECT_SECONDS: Final = 10
_QUERY: Final = """
WITH own AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
), lines AS (
  SELECT concat_ws(' ', nspname, relname, attname, format_type(atttypid, atttypmod), attnotnull,
                   pg_get_expr(adbin, adrelid)) AS line
  FROM own JOIN pg_class c ON relnamespace = own.oid AND relkind IN ('r', 'p', 'v', 'm')
  JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum
  UNION ALL
  SELECT concat_ws(' ', nspname, conrelid::regclass, conname, pg_get_constraintdef(k.oid))
  FROM own JOIN pg_constraint k ON connamespace = own.oid
  UNION ALL
  SELECT pg_get_indexdef(indexrelid)
  FROM own JOIN pg_class i ON relnamespace = own.oid JOIN pg_index ON indexrelid = i.oid
  UNION ALL
  SELECT pg_get_viewdef(c.oid) FROM own JOIN pg_class c ON relnamespace = own.oid AND relkind IN ('v', 'm')
  UNION ALL
  SELECT pg_get_triggerdef(t.oid)
  FROM own JOIN pg_class c ON relnamespace = own.oid JOIN pg_trigger t ON tgrelid = c.oid AND NOT tgisinternal
  UNION ALL
  SELECT concat_ws(' ', nspname, typname, enumlabel, enumsortorder)
  FROM own JOIN pg_type t ON typnamespace = own.oid JOIN pg_enum ON enumtypid = t.oid
  UNION ALL
  SELECT pg_get_functiondef(p.oid) FROM own JOIN pg_proc p ON pronamespace = own.oid AND prokind IN ('f', 'p')
)
SELECT md5(coalesce(string_agg(line, chr(10) ORDER BY line), '')) FROM lines
"""


def schema_digest(dsn: str) -> str:
    """Return what is another value after a change of tables, views, constraints, indexes, triggers, enums or functions.

    Args:
        dsn: Where the database is.

    Raises:
        InfrastructureError: PostgreSQL does not answer, or refuses.
    """
    try:
        with psycopg.connect(dsn, connect_timeout=_CONNECT_SECONDS) as connection:
            row = connection.execute(_QUERY).fetchone()
    except psycopg.Error as error:
        what = f"the schema cannot be read from PostgreSQL: {str(error).strip()}"
        raise InfrastructureError(what, hint="see whether the server still runs") from error
    return str(row[0]) if row is not None else ""
