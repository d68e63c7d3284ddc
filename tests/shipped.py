"""What ships with the project, loaded once for the tests that use the real definitions."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from engine import Workspace

ROOT = Path(__file__).resolve().parents[1]
ON = date(2026, 11, 22)
MATTERS = (
    "business_registration_check",
    "disability_subsidies",
    "fire_safety_before_opening",
    "food_business_licence",
    "food_business_renewal",
    "hr_service_licence",
    "job_expansion_subsidy",
    "old_age_allowance",
    "outdoor_sign_filing",
    "public_venue_hygiene",
    "travel_agency_branch_filing",
)


@cache
def workspace() -> Workspace:
    return Workspace.load(ROOT)


def samples() -> list[tuple[str, Path]]:
    """Every sample application that ships, with its matter."""
    folders = [(matter, ROOT / "rulesets" / "samples" / matter) for matter in MATTERS]
    return [(matter, path) for matter, folder in folders for path in sorted(folder.glob("*.json"))]


def sample(matter: str, name: str = "approved") -> dict[str, Any]:
    """A fresh copy of a sample, less its date and note."""
    path = ROOT / "rulesets" / "samples" / matter / f"{name}.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return {key: value for key, value in data.items() if key not in ("date", "note")}
