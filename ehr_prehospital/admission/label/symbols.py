"""QR and Code 128 of a number, as paths of a drawing one unit a module. Pure."""

from dataclasses import dataclass

import barcode  # type: ignore[import-untyped]
import segno

# Code 128 wants ten modules of nothing on either side, a QR symbol four.
BAR_QUIET, QR_QUIET = 10, 4


@dataclass(frozen=True, slots=True)
class Symbol:
    """`path` draws the dark modules in a box of `width` by `height`; the quiet zone is in it."""

    path: str
    width: int
    height: int

    @property
    def svg(self) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
            f' preserveAspectRatio="none"><path d="{self.path}" fill="#000"/></svg>'
        )


def bars(number: str) -> Symbol:
    (modules,) = barcode.get("code128", number).build()
    path, at = "", 0
    while at < len(modules):
        end = at
        while end < len(modules) and modules[end] == modules[at]:
            end += 1
        if modules[at] == "1":
            path += f"M{at + BAR_QUIET} 0h{end - at}v1h-{end - at}z"
        at = end
    return Symbol(path, len(modules) + 2 * BAR_QUIET, 1)


def square(number: str) -> Symbol:
    """Error correction Q: a quarter of it may be smeared or torn."""
    rows = list(segno.make(number, error="q", micro=False, boost_error=False).matrix)
    path = "".join(
        f"M{column + QR_QUIET} {row + QR_QUIET}h1v1h-1z"
        for row, modules in enumerate(rows)
        for column, dark in enumerate(modules)
        if dark
    )
    size = len(rows) + 2 * QR_QUIET
    return Symbol(path, size, size)
