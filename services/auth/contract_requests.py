"""Change of the requests of contracts: each proves to come from a service of the platform."""

from __future__ import annotations

from platformkit.service import ContractCaller

prove = ContractCaller("auth")
