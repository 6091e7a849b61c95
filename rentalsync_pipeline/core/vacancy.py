"""When a listing that could be sold is suddenly closed from end to end: nobody notices, and nothing is sold.

Belongs here: the measures of it. Does not: counting, which DuckDB does
(`warehouse/queries/match_vacancies.sql`). It changes no night: a channel that closes everything is believed,
and somebody is told.
"""

from __future__ import annotations

AHEAD = 180
"""Nights from today on that count. A channel once wrote all free nights of six listings as not available for
2.6 hours: 180 of the next 180, after 121 (measured)."""

SUDDEN = 14
"""Free nights that must have been closed within one sync: those of a good season go stay by stay."""
