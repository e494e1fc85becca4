"""Faults of values in Redis: cached rows, counters of the limiter, addresses of instances."""

from __future__ import annotations

from bench.skew.change import Change, journey, process, stock

_READ = "return json.loads(found) if found else None"
_KEPT = "json.dumps(dict(row)), ex=CACHE_SECONDS"
_GET = 'found: Any = process.STORE.get(f"{NAMESPACE}:item:{item}")'
_SET = "process.STORE.set(f\"{NAMESPACE}:item:{row['id']}\", json.dumps(dict(row)), ex=CACHE_SECONDS)"
_DELETE = 'process.STORE.delete(f"{NAMESPACE}:item:{item}")'
_INCREASE = "count: Any = process.STORE.incr(key)"

FAULTS = (
    Change(
        "cached-shape",
        "cache",
        (
            stock(_KEPT, 'json.dumps({"version": 2, "row": dict(row)}), ex=CACHE_SECONDS'),
            stock(_READ, _READ.replace("(found)", '(found)["row"]')),
        ),
        ("rolling: stock", "/items/"),
    ),
    Change(
        "cached-member-renamed",
        "cache",
        (
            stock(_KEPT, 'json.dumps({**row, "pieces": row["count"], "count": None}), ex=CACHE_SECONDS'),
            stock(
                _READ,
                "kept = json.loads(found) if found else None\n"
                '    return {**kept, "count": kept["pieces"]} if kept else None',
            ),
        ),
        ("rolling: stock", "/items/"),
    ),
    Change(
        "cached-type",
        "cache",
        (
            stock(_GET, 'found: Any = process.STORE.hgetall(f"{NAMESPACE}:item:{item}")'),
            stock(_READ, 'return json.loads(found["row"]) if found else None'),
            stock(
                _SET,
                'process.STORE.hset(f"{NAMESPACE}:item:{row[\'id\']}", "row", json.dumps(dict(row)))\n'
                "    process.STORE.expire(f\"{NAMESPACE}:item:{row['id']}\", CACHE_SECONDS)",
            ),
        ),
        ("rolling: stock", "/items/"),
    ),
    Change(
        "serialiser",
        "cache",
        (
            stock("import json\n", "import base64\nimport json\n"),
            stock(_KEPT, "base64.b64encode(json.dumps(dict(row)).encode()), ex=CACHE_SECONDS"),
            stock(_READ, "return json.loads(base64.b64decode(found)) if found else None"),
        ),
        ("rolling: stock", "/items/"),
    ),
    Change(
        "cached-without-invalidating-the-old-key",
        "cache",
        (stock(":item:", ":item2:"),),
        ("rolling: stock",),
    ),
    Change(
        "new-key-that-the-old-version-does-not-remove",
        "cache",
        (
            stock(_GET, _GET.replace(":item:", ":item2:")),
            stock(_SET, _SET.replace(":item:", ":item2:")),
            stock(_DELETE, _DELETE.replace(")", ', f"{NAMESPACE}:item2:{item}")')),
        ),
        ("{namespace}:item2:*",),
    ),
    Change(
        "absence-cached",
        "cache",
        (
            stock(
                '            return 404, {"error": "no such item"}\n        keep(row)',
                '            process.STORE.set(f"{NAMESPACE}:item:{item}", "none", ex=CACHE_SECONDS)\n'
                '            return 404, {"error": "no such item"}\n        keep(row)',
            ),
            stock(
                "    row = cached(item)\n",
                '    if process.STORE.get(f"{NAMESPACE}:item:{item}") == "none":\n'
                '        return 404, {"error": "no such item"}\n'
                "    row = cached(item)\n",
            ),
            stock('            item = wanted["id"]\n', '            item = wanted["id"]\n            forget(item)\n'),
        ),
        ("{namespace}:item:{item}",),
    ),
    Change(
        "cached-part",
        "cache",
        (
            stock(_KEPT, 'json.dumps({name: row[name] for name in row if name != "remarks"}), ex=CACHE_SECONDS'),
            stock(
                "        keep(row)\n",
                "        keep(row)\n"
                '    if "remarks" not in row:\n'
                "        with connected() as database:\n"
                "            remarks = database.execute("
                '"SELECT remarks FROM items WHERE id = %s", (item,)).fetchone()\n'
                "        row = {**row, **(remarks or {})}\n",
            ),
        ),
        ("rolling: stock", "/items/"),
    ),
    Change("cached-for-ever", "cache", (stock(_KEPT, "json.dumps(dict(row))"),), ("item",)),
    Change("limiter-without-end", "cache", (stock("    process.STORE.expire(key, 5)\n", ""),), ("limit",)),
    Change(
        "limiter-counts-in-a-hash",
        "cache",
        (stock(_INCREASE, 'count: Any = process.STORE.hincrby(key, "count", 1)'),),
        ("rolling: stock",),
    ),
    Change(
        "limiter-counts-in-a-sorted-set",
        "cache",
        (
            stock(
                _INCREASE,
                "process.STORE.zadd(key, {str(time.time_ns()): time.time()})\n"
                "    count: Any = process.STORE.zcard(key)",
            ),
        ),
        ("rolling: stock",),
    ),
    Change(
        "limiter-counts-thousandths",
        "cache",
        (stock(_INCREASE, "count: Any = process.STORE.incrby(key, 1000)"), stock("> 5_000", "> 5_000_000")),
        ("rolling: stock",),
    ),
    Change(
        "registry-as-json",
        "registry",
        (
            process('f"127.0.0.1:{PORT}", px=1500', 'json.dumps({"address": f"127.0.0.1:{PORT}"}), px=1500'),
            process(
                "sorted(each for each in found if each)",
                'sorted(json.loads(each)["address"] for each in found if each)',
            ),
        ),
        ("rolling: stock",),
    ),
    Change(
        "registry-moved",
        "registry",
        (process(":instances:", ":live:"),),
        ("rolling: stock", "{namespace}:live:stock:*"),
    ),
    Change(
        "value-of-a-new-call-after-the-rollback",
        "cache",
        (
            stock(
                '        case "POST", ["items", item, "remark"]:',
                '        case "POST", ["items", item, "highlight"]:\n'
                '            process.STORE.set(f"{NAMESPACE}:item:{item}", "highlighted", ex=600)\n'
                "            return 200, {}\n"
                '        case "POST", ["items", item, "remark"]:',
            ),
            stock(_READ, 'return json.loads(found) if found and found != "highlighted" else None'),
            stock(
                "        keep(row)\n",
                '        if process.STORE.get(f"{NAMESPACE}:item:{item}") is None:\n            keep(row)\n',
            ),
            journey(
                'expect("highlighting", 200, call("POST", f"/items/{kept[\'id\']}/highlight", {})[0])\n'
                'expect("reading it", 200, call("GET", f"/items/{kept[\'id\']}")[0])'
            ),
        ),
        ("{namespace}:item:{item}",),
    ),
    Change(
        "turns-kept-in-the-store",
        "registry",
        (
            process(
                'STORE.set(key, f"127.0.0.1:{PORT}", px=1500)',
                'STORE.hset(f"{NAMESPACE}:instances:{service}:all", str(PORT), "1")',
            ),
            process(
                '    keys: Any = STORE.keys(f"{NAMESPACE}:instances:{service}:*")\n'
                "    found: Any = STORE.mget(keys) if keys else []\n",
                '    ports: Any = STORE.hkeys(f"{NAMESPACE}:instances:{service}:all")\n'
                '    found: Any = [f"127.0.0.1:{port}" for port in ports]\n',
            ),
            process(
                "        STORE.delete(key)\n", '        STORE.hdel(f"{NAMESPACE}:instances:{service}:all", str(PORT))\n'
            ),
        ),
        ("rolling: stock", "{namespace}:instances:{service}:{port}"),
    ),
)
