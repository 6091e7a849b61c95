"""Verbs that look: what is published, why, and what it was before. They read and change nothing."""
