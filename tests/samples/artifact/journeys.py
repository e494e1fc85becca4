"""A visit to the till."""

import json
import os
import sys
import urllib.request

with urllib.request.urlopen(f"{os.environ['TILL_URL']}/items/1", timeout=10) as answer:  # noqa: S310 - on loopback
    found = json.load(answer)
sys.exit(0 if found.get("price") == 5 else f"the price is {found.get('price')}")
