"""Faults of tables and rows that both versions use."""

from __future__ import annotations

from bench.skew.change import Change, Edit, journey, journeys, ledger, ledger_migration, stock, stock_migration

_COLUMNS = '"INSERT INTO items (price, number, added, id, name, count, status) "'
_VALUES = "\"VALUES (%s, nextval('numbers'), %s, %s, %s, %s, 'open')\""
_INSERTED = 'item, wanted["name"], wanted["count"]'
_SHOWN = '("id", "name", "count", "price", "number", "added", "remarks")'
_STATUS = '"status": STATUSES[row["status"]]}'
_NOW = 'time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())'


def _with_column(name: str, value: str) -> tuple[Edit, ...]:
    """Return the edits that fill one column more."""
    return (
        stock(_COLUMNS, _COLUMNS.replace("status)", f"status, {name})")),
        stock(_VALUES, _VALUES.replace("'open')", "'open', %s)")),
        stock(_INSERTED, f"{_INSERTED}, {value}"),
    )


_DROPPED = (
    stock_migration("ALTER TABLE items DROP COLUMN status"),
    stock(_COLUMNS, _COLUMNS.replace(", status)", ")")),
    stock(_VALUES, _VALUES.replace(", 'open')", ")")),
    stock(_STATUS, '"status": STATUSES["open" if row["count"] else "sold_out"]}'),
    stock(", status = CASE WHEN count = %s THEN 'sold_out' ELSE status END ", " "),
    stock("(by, by, item, by)", "(by, item, by)"),
)
_SOFTLY_DELETED = (
    stock_migration("ALTER TABLE items ADD gone boolean NOT NULL DEFAULT false"),
    stock("SELECT * FROM items ORDER", "SELECT * FROM items WHERE NOT gone ORDER"),
    stock(
        '    return 404, {"error": "no such path"}\n\n\nprocess',
        '    if method == "DELETE":\n'
        "        with connected() as database:\n"
        '            database.execute("UPDATE items SET gone = true WHERE id = %s", (path.split("/")[2],))\n'
        "        return 200, {}\n"
        '    return 404, {"error": "no such path"}\n\n\nprocess',
    ),
    journey('expect("deleting", 200, call("DELETE", f"/items/{item}")[0])'),
)
_RESERVED = (
    stock('"sold_out": "sold out"}', '"sold_out": "sold out", "reserved": "reserved"}'),
    stock(
        '        case "POST", ["items", item, "remark"]:',
        '        case "POST", ["items", item, "reserve"]:\n'
        "            with connected() as database:\n"
        "                database.execute(\"UPDATE items SET status = 'reserved' WHERE id = %s\", (item,))\n"
        "            forget(item)\n"
        "            return 200, {}\n"
        '        case "POST", ["items", item, "remark"]:',
    ),
    journey('expect("reserving", 200, call("POST", f"/items/{item}/reserve", {})[0])'),
)

FAULTS = (
    Change("column-dropped", "database", _DROPPED, ("rolling: stock",)),
    Change(
        "column-renamed",
        "database",
        (
            stock_migration("ALTER TABLE items RENAME COLUMN added TO added_at"),
            stock(_COLUMNS, _COLUMNS.replace("added", "added_at")),
            stock(_SHOWN, _SHOWN.replace('"added", ', "")),
            stock(_STATUS, f'"added": row["added_at"], {_STATUS}'),
        ),
        ("rolling: stock",),
    ),
    Change(
        "column-of-the-ledger-renamed",
        "database",
        (
            ledger_migration("ALTER TABLE movements RENAME COLUMN by TO amount"),
            ledger("(place, item, by)", "(place, item, amount)"),
            ledger("SELECT by FROM", "SELECT amount AS by FROM"),
        ),
        ("rolling: ledger", "/movements"),
    ),
    Change(
        "column-required",
        "database",
        (
            stock_migration(
                "ALTER TABLE items ADD shelf text",
                "UPDATE items SET shelf = 'a'",
                "ALTER TABLE items ALTER shelf SET NOT NULL",
            ),
            *_with_column("shelf", '"a"'),
        ),
        ("rolling: stock",),
    ),
    Change(
        "column-retyped",
        "database",
        (
            stock_migration("ALTER TABLE items ALTER price TYPE text USING price::text"),
            stock('(wanted["price"],', '(str(wanted["price"]),'),
            stock(_STATUS, f'"price": int(row["price"]), {_STATUS}'),
        ),
        ("rolling: stock",),
    ),
    Change(
        "document-became-text",
        "database",
        (
            stock_migration(
                "ALTER TABLE items ALTER remarks DROP DEFAULT",
                "ALTER TABLE items ALTER remarks TYPE text USING remarks::text",
                "ALTER TABLE items ALTER remarks SET DEFAULT '{}'",
            ),
            stock(
                _STATUS,
                '"remarks": json.loads(row["remarks"]) if isinstance(row["remarks"], str) else row["remarks"], '
                + _STATUS,
            ),
        ),
        ("rolling: stock", "remarks"),
    ),
    Change(
        "rows-checked",
        "database",
        (
            stock_migration("ALTER TABLE items ADD CHECK (length(added) = 24) NOT VALID"),
            stock(_NOW, _NOW.replace("%SZ", "%S.000Z")),
        ),
        ("rolling: stock",),
    ),
    Change(
        "column-unique",
        "database",
        (
            stock_migration(
                "ALTER TABLE items ADD code text",
                "UPDATE items SET code = id",
                "ALTER TABLE items ALTER code SET DEFAULT ''",
                "CREATE UNIQUE INDEX ON items (code)",
            ),
            *_with_column("code", "item"),
        ),
        ("creating",),
    ),
    Change(
        "reference-required",
        "database",
        (
            stock_migration(
                "CREATE TABLE articles (id text PRIMARY KEY)",
                "ALTER TABLE items ADD FOREIGN KEY (id) REFERENCES articles NOT VALID",
            ),
            stock(
                '            item = wanted["id"]\n',
                '            item = wanted["id"]\n'
                '            database.execute("INSERT INTO articles VALUES (%s)", (item,))\n',
            ),
        ),
        ("rolling: stock",),
    ),
    Change(
        "table-renamed",
        "database",
        (
            stock_migration("ALTER TABLE requests RENAME TO known_requests"),
            stock("FROM requests", "FROM known_requests"),
            stock("INTO requests", "INTO known_requests"),
        ),
        ("rolling: stock",),
    ),
    Change(
        "default-flipped",
        "database",
        (
            stock_migration("ALTER TABLE items ALTER remarks SET DEFAULT 'null'"),
            *_with_column("remarks", '"{}"'),
        ),
        ("rolling: stock", "creating"),
    ),
    Change(
        "names-moved-to-another-table",
        "database",
        (
            stock_migration(
                "CREATE TABLE names (id text PRIMARY KEY, name text NOT NULL)",
                "INSERT INTO names SELECT id, name FROM items",
                "ALTER TABLE items ALTER name DROP NOT NULL",
            ),
            stock(
                '            item = wanted["id"]\n',
                '            item = wanted["id"]\n'
                '            database.execute("INSERT INTO names VALUES (%s, %s)", (item, wanted["name"]))\n',
            ),
            stock(_INSERTED, 'item, None, wanted["count"]'),
            stock(
                "def shown(row: dict[str, Any]) -> dict[str, Any]:\n",
                "def shown(row: dict[str, Any]) -> dict[str, Any]:\n"
                "    with connected() as database:\n"
                '        named = database.execute("SELECT name FROM names WHERE id = %s", (row["id"],)).fetchone()\n'
                '    row = {**row, "name": named["name"] if named else row["name"]}\n',
            ),
        ),
        ("rolling: stock",),
    ),
    Change(
        "unit-of-a-column",
        "database",
        (
            stock_migration("UPDATE items SET price = price * 10"),
            stock('(wanted["price"],', '(wanted["price"] * 10,'),
            stock(_STATUS, f'"price": row["price"] // 10, {_STATUS}'),
        ),
        ("rolling: stock", "price"),
    ),
    Change(
        "timestamp-in-seconds",
        "database",
        (
            stock(_NOW, "str(int(time.time()))"),
            stock(
                _STATUS,
                '"added": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(row["added"])))\n'
                '        if row["added"].isdigit()\n'
                f'        else row["added"], {_STATUS}',
            ),
        ),
        ("$.added",),
    ),
    Change(
        "numbers-of-another-sequence",
        "database",
        (stock_migration("CREATE SEQUENCE item_numbers"), stock("nextval('numbers')", "nextval('item_numbers')")),
        ("rolling: stock", "creating"),
    ),
    Change(
        "idempotency-key-digested",
        "database",
        (
            stock(
                '    with connected() as database:\n        known = database.execute("SELECT item FROM requests',
                "    key = hashlib.sha256(key.encode()).hexdigest()\n"
                '    with connected() as database:\n        known = database.execute("SELECT item FROM requests',
            ),
            stock("import json\n", "import hashlib\nimport json\n"),
        ),
        ("rolling: stock", "creating"),
    ),
    Change(
        "idempotency-key-moved-to-the-cache",
        "database",
        (
            stock(
                'database.execute("SELECT item FROM requests WHERE key = %s", (key,)).fetchone()',
                'process.STORE.get(f"{NAMESPACE}:request:{key}")',
            ),
            stock(
                'database.execute("INSERT INTO requests (key, item) VALUES (%s, %s)", (key, item))',
                'process.STORE.set(f"{NAMESPACE}:request:{key}", item, ex=600)',
            ),
            stock('known["item"]', "str(known)"),
        ),
        ("rolling: stock", "creating"),
    ),
    Change(
        "status-that-only-the-new-version-knows",
        "database",
        (
            stock('"open": "open for sale",', '"open": "open for sale", "kept": "open for sale",'),
            stock(_VALUES, _VALUES.replace("'open'", "'kept'")),
        ),
        ("/items", "status"),
    ),
    Change("status-of-a-new-call-after-the-rollback", "database", _RESERVED, ("rolled back", "/items")),
    Change("deletion-that-the-old-version-does-not-know", "database", _SOFTLY_DELETED, ("rolled back", "items")),
    Change(
        "member-that-the-old-version-drops-when-it-writes",
        "database",
        (
            stock(
                'SET remarks = %s WHERE id = %s RETURNING *", (json.dumps({"text": text}), item)',
                'SET remarks = remarks || %s WHERE id = %s RETURNING *", '
                '(json.dumps({"text": text, "author": "somebody"}), item)',
            ),
        ),
        ("forward again", "author"),
    ),
    Change(
        "limit-of-a-column",
        "database",
        (
            stock_migration("ALTER TABLE items ALTER id TYPE varchar(6) USING left(id, 6)"),
            journeys("item, key = uuid.uuid4().hex[:8]", "item, key = uuid.uuid4().hex[:6]"),
            journeys('"id": uuid.uuid4().hex[:8]', '"id": uuid.uuid4().hex[:6]'),
        ),
        ("rolling: stock",),
    ),
)
