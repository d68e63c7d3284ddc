"""The same definitions over millions of past applications: who would come out differently, and why.

Definitions are compiled to Ibis expressions, which DuckDB (embedded) and Spark evaluate alike. Every
answer agrees with the per-case engine, 待核 included: what the portable core cannot say exactly is
evaluated by the engine itself, once per distinct case, and joined back. Nothing is approximate.

Import this room late: Ibis and DuckDB are heavy.
"""

from engine.population.facts import PopulationStopped
from engine.population.reading import DataUnreadable
from engine.population.reports import (
    CriterionChange,
    Sample,
    Shift,
    SideReport,
    SimulationReport,
    Unlike,
)
from engine.population.sessions import EngineMissing
from engine.population.simulating import Options, OutputUnusable, report_to_json, simulate
from engine.population.telling import report_text
from engine.population.versions import Version, version_in_force, version_named

__all__ = [
    "CriterionChange",
    "DataUnreadable",
    "EngineMissing",
    "Options",
    "OutputUnusable",
    "PopulationStopped",
    "Sample",
    "Shift",
    "SideReport",
    "SimulationReport",
    "Unlike",
    "Version",
    "report_text",
    "report_to_json",
    "simulate",
    "version_in_force",
    "version_named",
]
