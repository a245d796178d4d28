"""Addresses, key and contact, from the environment; nothing of them is ever written to a file."""

import os
import re
from dataclasses import dataclass, field

from amazon_labor.refresh.errors import RefreshError

FRED = "https://fred.stlouisfed.org"
BLS = "https://api.bls.gov"
SEC = "https://data.sec.gov"
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Settings:
    """Where the three interfaces are, and what identifies the person who asks.

    The addresses can be replaced (``AMAZON_LABOR_FRED``, ``AMAZON_LABOR_BLS``, ``AMAZON_LABOR_SEC``): by a mirror, or
    by the local servers of the tests.
    """

    fred: str = FRED
    bls: str = BLS
    sec: str = SEC
    bls_key: str = field(default="", repr=False)
    contact: str = ""

    @property
    def agent(self) -> tuple[tuple[str, str], ...]:
        """Header that names the program, and the person if one is named."""
        return (("User-Agent", " ".join(filter(None, ["amazon-labor refresh", self.contact]))),)


def from_environment() -> Settings:
    """Read the settings.

    Raises
    ------
    RefreshError
        If an address is not one, or the contact holds no mail address.
    """
    values = {
        name: os.environ.get(f"AMAZON_LABOR_{name.upper()}", usual).rstrip("/")
        for name, usual in (("fred", FRED), ("bls", BLS), ("sec", SEC))
    }
    for name, value in values.items():
        if not value.startswith(("http://", "https://")):
            raise RefreshError(f"AMAZON_LABOR_{name.upper()} is {value!r}; it must begin with https:// (or http://).")
    contact = os.environ.get("AMAZON_LABOR_CONTACT", "").strip()
    if contact and not MAIL.search(contact):
        raise RefreshError(
            f"AMAZON_LABOR_CONTACT is {contact!r}; it must hold a mail address: Jane Doe jane@example.org"
        )
    return Settings(**values, bls_key=os.environ.get("BLS_API_KEY", "").strip(), contact=contact)
