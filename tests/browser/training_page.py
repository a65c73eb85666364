"""A page that trains, as a visitor handles it."""

from __future__ import annotations

from typing import Any, ClassVar

from bench.browser import until


def live(page: Any) -> dict[str, str]:
    """What the run on the screen tells: its id, state, step and numbers; empty where there is none."""
    return dict(page.evaluate("() => ({...document.querySelector('.live-run')?.dataset})"))


class TrainingPage:
    """One room in one tab."""

    room: ClassVar[str]  # with which the keys of its widgets begin
    address: ClassVar[str]
    appears: ClassVar[tuple[str, ...]] = (".live-run",)  # what has to be there before anything is done
    patience: ClassVar[float] = 30  # seconds for what takes longest

    def __init__(self, page: Any, server: Any, query: str = "") -> None:
        self.page, self.server = page, server
        page.goto(f"{server.url}/{self.address}{query}")
        for selector in self.appears:
            page.locator(selector).first.wait_for(timeout=60_000)

    def button(self, what: str) -> Any:
        return self.page.locator(f".st-key-{self.room}_{what} button:visible")

    def press(self, what: str) -> None:
        self.page.locator(f".st-key-{self.room}_{what} button:visible:enabled").click(timeout=30_000)

    def data(self) -> dict[str, str]:
        return live(self.page)

    def step(self) -> int:
        return int(self.data().get("step") or 0)

    def reaches(self, state: str, seconds: float | None = None) -> None:
        until(lambda: self.data().get("drawn") == state, seconds or self.patience)  # with its last numbers

    def train(self) -> str:
        """Press Train and wait for the first step; the run's id."""
        before = self.data().get("runId")
        self.press("train")
        until(lambda: self.data().get("runId") != before and self.step() > 0, self.patience)
        return self.data()["runId"]

    def end(self) -> None:
        self.press("stop")
        self.reaches("stopped")

    def panel(self, name: str) -> Any:
        """Open a view and bring it onto the screen."""
        self.page.locator(f".lt-tabs button[data-view={name}]").click()
        panel = self.page.locator(f".lt-view[data-view={name}]")
        # at once: Playwright's own way waits until the view stands still, and it may be drawn anew meanwhile
        panel.evaluate("one => one.scrollIntoView({ block: 'nearest' })")
        return panel

    def view(self, name: str) -> Any:
        """The same, and wait until it shows something."""
        panel = self.panel(name)
        until(lambda: panel.get_attribute("data-kind") == "shown", self.patience)
        return panel


class Cnn(TrainingPage):
    """The CNN page."""

    room = address = "cnn"
    appears = (".lt-table", ".live-run")
