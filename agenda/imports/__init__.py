"""Programmes in the formats of other systems: one module for each format, all giving an ``ImportedProgramme``."""

from agenda.imports.base import NotASchedule

__all__ = ["NotASchedule"]
