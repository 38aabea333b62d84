"""Who gets a report: chosen from the table of recipients by office, role and day."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from perfeval.model.addresses import same
from perfeval.model.errors import PerfevalError, nearest


@dataclass(frozen=True, slots=True)
class Recipient:
    """One mailbox."""

    name: str
    """Empty where the table has none."""
    role: str
    address: str


def recipients(table: pd.DataFrame, office: str, on: str, roles: Collection[str] = ()) -> list[Recipient]:
    """Those who get the reports of ``office`` (a sub-district's id or a district's name) on a day (ISO text).

    Takes the columns of :data:`~perfeval.model.schema.RECIPIENTS`; only of these ``roles`` where some are given. A
    mailbox listed twice is there once. Raises :class:`PerfevalError` for a role nobody in the table has.
    """
    known = set(table["role"])
    for role in roles:
        if role not in known:
            raise PerfevalError(f"收件人表里没有角色“{role}”{nearest(role, known)}")
    begun = table["from"].eq("") | (table["from"] <= on)
    going_on = table["to"].eq("") | (table["to"] >= on)
    wanted = table["role"].isin(list(roles)) if roles else table["role"].ne("")
    rows = table[table["subdistrict"].eq(office) & begun & going_on & wanted]
    found: dict[str, Recipient] = {}
    for name, role, address in zip(rows["name"], rows["role"], rows["address"], strict=True):
        found.setdefault(same(address), Recipient(str(name), str(role), str(address)))
    return list(found.values())
