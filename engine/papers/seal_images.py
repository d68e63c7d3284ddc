"""The picture of a seal: a red ring with the organ's name around a star (公章), one small page of PDF.

42 mm, as county organs' seals are. It proves nothing; the signature under it does.
"""

import math
from datetime import datetime

from engine.papers.leaves import POINT, Leaves, Type
from engine.papers.typefaces import drawable

DIAMETER = 42.0
_CENTRE = DIAMETER / 2
_RED = (200, 16, 16)
_ARC = 250.0  # degrees that a long name may take


def seal_image(organ: str, moment: datetime, *, is_demo: bool) -> bytes:
    """The seal of `organ` as PDF; a demonstration's says so across its middle."""
    pdf = Leaves(organ, "zh", moment)
    pdf.has_page_numbers = False
    pdf.add_page(format=(DIAMETER, DIAMETER))
    pdf.set_draw_color(*_RED)
    pdf.set_fill_color(*_RED)
    pdf.set_text_color(*_RED)
    pdf.set_line_width(1.2)
    pdf.circle(_CENTRE, _CENTRE, _CENTRE - 0.8)
    _draw_star(pdf, radius=6.5)
    _set_around(pdf, drawable(organ))
    if is_demo:
        _set_below(pdf, "演示专用")
    return bytes(pdf.output())


def _draw_star(pdf: Leaves, radius: float) -> None:
    inner = radius * math.sin(math.radians(18)) / math.sin(math.radians(54))
    points = []
    for corner in range(10):
        angle = math.radians(-90 + 36 * corner)
        length = radius if corner % 2 == 0 else inner
        points.append((_CENTRE + length * math.cos(angle), _CENTRE + length * math.sin(angle)))
    pdf.polygon(points, style="F")


def _set_around(pdf: Leaves, organ: str) -> None:
    """The name along the upper ring, each character upright to it; a long name is set smaller."""
    steps = max(len(organ) - 1, 1)
    size = min(15.0, 250.0 / max(len(organ), 1))
    kind = Type(size, size * POINT, True)
    radius = _CENTRE - 2.6 - kind.em / 2
    step = min(_ARC / steps, 1.25 * math.degrees(kind.em / radius), 30.0)
    for number, character in enumerate(organ):
        turn = (number - (len(organ) - 1) / 2) * step
        with pdf.rotation(-turn, _CENTRE, _CENTRE):
            x = _CENTRE - pdf.width_of(character, kind) / 2
            pdf.set_line(character, x, _CENTRE - radius - kind.em / 2, kind)


def _set_below(pdf: Leaves, text: str) -> None:
    kind = Type(11, 5, True)
    pdf.set_line(text, _CENTRE - pdf.width_of(text, kind) / 2, DIAMETER - 12.5, kind)
