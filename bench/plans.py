"""How PostgreSQL answered the queries of a search, shared by the scripts that check plans."""

import json

from django.db import connection


def nodes(plan):
    """Every node of a plan, the root first."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def show(name, statement, tables, width, prefix=""):
    """Print how long a statement takes and its indexes that begin with `prefix`; whether it reads one of these tables whole."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement.replace("%", "%%"), [])
        answer = cursor.fetchone()[0]
    answer = (json.loads(answer) if isinstance(answer, str) else answer)[0]
    plan = list(nodes(answer["Plan"]))
    whole = any(node["Node Type"] == "Seq Scan" and node.get("Relation Name") in tables for node in plan)
    used = sorted({node["Index Name"] for node in plan if "Index Name" in node and node["Index Name"].startswith(prefix)})
    print(f"{'SEQ SCAN' if whole else 'ok':8} {name:{width}} {answer['Execution Time']:8.1f} ms  {', '.join(used)}")
    return whole
