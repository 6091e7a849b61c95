"""Policies tried on what channels really answered, before they are used."""
