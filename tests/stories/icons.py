"""Draw the tablet's icons from the project's mark: `python -m tests.stories.icons`."""

from __future__ import annotations

from config.env import ROOT
from tests.stories.browsers import chromium

ICONS = ROOT / "static" / "tablet" / "icons"
MARK = ROOT / "static" / "shared" / "mark.svg"
GROUND = "#121922"
# name → (pixels, how much of it the mark fills): launchers cut a maskable one to a circle.
SIZES = {"any-192": (192, 1.0), "any-512": (512, 1.0), "maskable-512": (512, 0.7)}


def draw() -> None:
    with chromium() as browser:
        for name, (side, share) in SIZES.items():
            page = browser.new_page(viewport={"width": side, "height": side})
            ground = GROUND if share < 1 else "transparent"
            page.set_content(
                f"<style>body{{margin:0;display:grid;place-items:center;height:100vh;"
                f"background:{ground}}}svg{{width:{share:.0%};height:{share:.0%}}}</style>"
                f"{MARK.read_text()}"
            )
            page.screenshot(path=ICONS / f"{name}.png", omit_background=True)


if __name__ == "__main__":
    draw()
