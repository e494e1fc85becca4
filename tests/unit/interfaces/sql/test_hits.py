"""A change hits the statements that it breaks, and passes by those that it does not touch."""

import pytest

from servanda.interfaces.sql.document import Recorded, Statements
from servanda.interfaces.sql.hits import hits
from servanda.interfaces.sql.migration import File, Migration
from servanda.interfaces.sql.review import steps_between

TABLES = "CREATE TABLE users (user_id uuid PRIMARY KEY, email text, tier text DEFAULT 'basic')"


def hit(change: str, statement: Recorded) -> bool:
    files = (File("1.sql", "1.sql", "", TABLES), File("2.sql", "2.sql", "", change))
    version = Statements("shop", "1.0.0", {"1.sql": ""}, (statement,))
    (step,) = steps_between([version], [Migration(file, file.content) for file in files], "shop")
    return any(True for _ in hits(step.changes, step.used))


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (Recorded("INSERT INTO users (user_id) VALUES ($1)"), True),
        (Recorded("INSERT INTO users (user_id, email) VALUES ($1, NULL)"), True),
        (Recorded("INSERT INTO users (user_id, email) VALUES ($1, $2)", (), (2,)), True),
        (Recorded("INSERT INTO users (user_id, email) VALUES ($1, $2)"), False),
        (Recorded("UPDATE users SET email = $1", (), (1,)), True),
        (Recorded("UPDATE users SET email = $1"), False),
        (Recorded("SELECT email FROM users"), False),
    ],
)
def test_not_null_hits_who_leaves_the_column_out_or_writes_null(statement: Recorded, *, expected: bool) -> None:
    assert hit("ALTER TABLE users ALTER email SET NOT NULL", statement) is expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (Recorded("INSERT INTO users (user_id) VALUES ($1)"), False),
        (Recorded("INSERT INTO users (user_id, tier) VALUES ($1, NULL)"), True),
    ],
)
def test_a_default_stands_in_for_what_is_left_out_and_not_for_null(statement: Recorded, *, expected: bool) -> None:
    assert hit("ALTER TABLE users ALTER tier SET NOT NULL", statement) is expected


@pytest.mark.parametrize("sql", ["SELECT tier FROM users", "INSERT INTO users (user_id, tier) VALUES ($1, $2)"])
def test_a_constraint_hits_only_who_writes_its_column(sql: str) -> None:
    assert not hit("ALTER TABLE users ADD CONSTRAINT one UNIQUE (email)", Recorded(sql))
