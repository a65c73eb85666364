"""Pictures are brought, given classes, chosen and deleted, in a real browser against a real server."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from bench.browser import until
from tests.browser.app_server import AppServer

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "gallery_app" / "app.py"
BYTES_OF_DROP = """([files, kind]) => {
  const transfer = new DataTransfer();
  for (const [name, type, text] of files) transfer.items.add(new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], name, {type}));
  const event = kind === 'paste' ? new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true})
    : new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true});
  (kind === 'paste' ? document.body : document.querySelector('.lt-pic-drop')).dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    server = AppServer(tmp_path_factory.mktemp("home"), PYTHONPATH=str(APP.parents[3]), LIVETORCH_DISK_FLOOR_MB="1")
    server.script = str(APP)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def png(number, size=(40, 30)):
    file = io.BytesIO()
    Image.new("RGB", size, (number * 20 % 256, 90, 200)).save(file, "PNG")
    return file.getvalue()


def files(folder, count, first=0):
    made = []
    for number in range(first, first + count):
        path = folder / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(number))
        made.append(str(path))
    return made


class Gallery:
    """The pictures as a visitor handles them."""

    def __init__(self, page, site, query="") -> None:
        self.page, self.root = page, page.locator(".lt-pictures")
        page.goto(f"{site.url}/{query}")
        self.ready()

    def ready(self):
        self.page.locator(".lt-pictures[data-count]").wait_for(timeout=30_000)

    def said(self):
        return json.loads(self.page.locator("[data-testid=stCode] code").inner_text())

    def bring(self, paths):
        self.root.locator("input[type=file]").first.set_input_files(paths)

    def has(self, count, album=None):
        suffix = f"[data-album='{album}']" if album else ""
        self.page.locator(f".lt-pictures[data-count='{count}']{suffix}").wait_for(timeout=20_000)

    def tile(self, number):
        return self.root.locator(".lt-pic-tile").nth(number)

    def act(self, name):
        return self.root.locator(f"[data-act='{name}']")

    def tells(self, **what):
        until(lambda: {name: self.said()[name] for name in what} == what, 10)


def test_files_are_brought_named_when_refused_and_there_after_a_reload(page, site, tmp_path):
    gallery = Gallery(page, site)
    assert gallery.said() == {"reruns": 1, "album": "~photos", "changed": False, "names": ["china.jpg", "flower.jpg"], "labels": ["", ""]}  # fmt: skip
    bad = tmp_path / "drawing.png"
    bad.write_text("<svg><script>alert(1)</script></svg>")
    gallery.bring([*files(tmp_path, 5), str(bad)])
    gallery.has(5, "My pictures")
    gallery.tells(reruns=2, changed=True, album="My pictures")
    refused = gallery.root.locator(".lt-pic-refused")
    assert "1 file was not taken" in refused.inner_text() and "drawing.png It is an SVG" in refused.inner_text()
    gallery.root.get_by_text("Dismiss").click()
    assert not refused.is_visible()
    until(lambda: gallery.tile(4).locator("img").evaluate("(one) => one.naturalWidth") == 40)
    page.reload()
    gallery.ready()
    gallery.has(5, "My pictures")
    assert sorted(gallery.said()["names"]) == [f"{number}.png" for number in range(5)]


def test_classes_come_from_folders_chips_and_keys(page, site, tmp_path):
    gallery = Gallery(page, site, "?labels=1")
    files(tmp_path / "pets" / "cats", 2)
    files(tmp_path / "pets" / "dogs", 2, first=2)
    gallery.root.locator("input[webkitdirectory]").set_input_files(str(tmp_path / "pets"))
    gallery.has(4, "pets")
    until(lambda: sorted(gallery.said()["labels"]) == ["cats", "cats", "dogs", "dogs"])
    gallery.tile(0).click()
    gallery.tile(1).click(modifiers=["Shift"])
    gallery.root.get_by_text("Add class").click()
    page.keyboard.type("mice")
    page.keyboard.press("Enter")
    gallery.root.locator(".lt-pic-chip[data-label=mice][aria-pressed=true]").wait_for()
    assert "No pictures of mice yet" in gallery.root.locator(".lt-pic-empty").inner_text()
    gallery.bring(files(tmp_path, 1, first=7))  # while a class is looked at, what comes becomes that class
    gallery.has(5)
    until(lambda: "mice" in gallery.said()["labels"])
    gallery.root.locator(".lt-pic-chip[data-label='*']").click()
    while gallery.root.locator(".lt-pic-tile[aria-selected=true]").count():
        gallery.act("none").click()
    first = gallery.tile(0).get_attribute("data-id")
    gallery.tile(0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("1")  # the first class
    until(lambda: gallery.said()["labels"].count("cats") == 3)
    assert "cats" in gallery.root.locator(f"[data-id='{first}']").inner_text()
    gallery.tile(1).click()
    gallery.act("unlabel").click()
    until(lambda: "" in gallery.said()["labels"])


def test_deleting_takes_two_presses_and_the_keyboard_does_it_all(page, site, tmp_path):
    gallery = Gallery(page, site)
    gallery.bring(files(tmp_path, 4))
    gallery.has(4)
    gallery.tells(reruns=2)
    gallery.tile(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    assert gallery.root.locator(".lt-pic-tile[aria-selected=true]").count() == 2
    page.keyboard.press("Delete")
    assert gallery.act("sure").inner_text() == "Delete 2 pictures for good"
    gallery.act("keep").click()
    gallery.has(4)
    gallery.act("delete").click()
    page.keyboard.press("Enter")  # the confirmation has the focus
    gallery.has(2)
    gallery.tells(reruns=3, changed=True)
    assert len(gallery.said()["names"]) == 2
    page.reload()
    gallery.has(2)


def test_a_zip_becomes_an_album_and_pictures_move(page, site, tmp_path):
    with zipfile.ZipFile(tmp_path / "birds.zip", "w") as made:
        for number in range(3):
            made.writestr(f"birds/{'crow' if number else 'owl'}/{number}.png", png(number))
        made.writestr("birds/readme.txt", "hello")
    gallery = Gallery(page, site, "?labels=1")
    gallery.bring([str(tmp_path / "birds.zip")])
    gallery.has(3, "birds")
    assert "readme.txt" in gallery.root.locator(".lt-pic-refused").inner_text()
    gallery.root.get_by_text("New album").click()
    page.keyboard.type("~best of")
    page.keyboard.press("Enter")
    gallery.has(0, "best of")
    gallery.tells(album="best of", names=[])
    gallery.bring(files(tmp_path, 1, first=9))
    gallery.has(1, "best of")
    gallery.root.locator(".lt-pic-album select").select_option("birds")
    gallery.has(3, "birds")
    gallery.tile(0).click()
    gallery.act("move").select_option("best of")
    gallery.has(2, "birds")
    gallery.root.locator(".lt-pic-album select").select_option("best of")
    gallery.has(2, "best of")
    gallery.root.locator(".lt-pic-album select").select_option("~shapes")
    gallery.has(120, "~shapes")
    gallery.tile(3).click()  # others' pictures are not chosen for anything here
    assert gallery.act("delete").count() == 0


def test_one_or_a_few_are_chosen_for_the_page(page, site, tmp_path):
    gallery = Gallery(page, site, "?choose=one")
    gallery.tells(names=["china.jpg"])
    gallery.tile(1).click()
    gallery.tells(names=["flower.jpg"], reruns=2, changed=False)
    gallery.bring(files(tmp_path, 2))
    gallery.has(2)
    until(lambda: len(gallery.said()["names"]) == 1 and gallery.said()["changed"])
    few = Gallery(page, site, "?choose=many&most=2")
    assert len(few.said()["names"]) == 2
    few.act("none").click()
    few.tells(names=[])
    few.tile(1).click()
    until(lambda: len(few.said()["names"]) == 1)
    few.bring(files(tmp_path, 3, first=5))
    few.has(5)
    until(lambda: len(few.said()["names"]) == 2)


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_pictures_are_dropped_and_pasted(page, site, kind):
    import base64

    gallery = Gallery(page, site)
    sent = [[f"{number}.png", "image/png", base64.b64encode(png(number)).decode()] for number in range(2)]
    page.evaluate(BYTES_OF_DROP, [sent, kind])
    gallery.has(2, "My pictures")
    gallery.tells(reruns=2)


def test_without_a_camera_the_camera_app_is_offered(page, site):
    gallery = Gallery(page, site)
    gallery.act("camera").click()
    gallery.root.get_by_text("Open camera app").wait_for()
    assert gallery.root.locator("input[capture]").count() == 1
    gallery.root.get_by_text("Close camera").click()
    assert gallery.root.locator(".lt-pic-camera").count() == 0


def test_what_is_too_large_is_not_even_sent(page, site, tmp_path):
    gallery = Gallery(page, site)
    large, film = tmp_path / "large.png", tmp_path / "film.mp4"
    large.write_bytes(bytes(16 * 2**20))
    film.write_bytes(b"film")
    asked = []
    page.on("request", lambda request: asked.append(request.method))
    gallery.bring([str(large), str(film)])
    text = gallery.root.locator(".lt-pic-refused")
    text.wait_for()
    assert "16.0 MB; 15 MB are taken" in text.inner_text() and "video" in text.inner_text()
    assert "POST" not in asked


def test_names_are_text_and_nothing_else(page, site, tmp_path):
    name = "<img src=x onerror=document.body.dataset.bad=1>"
    gallery = Gallery(page, site, "?labels=1")
    (tmp_path / f"{name}.png").write_bytes(png(1))
    gallery.bring([str(tmp_path / f"{name}.png")])
    gallery.has(1)
    gallery.tile(0).click()
    gallery.root.get_by_text("New class").click()
    page.keyboard.type(name[:40])
    page.keyboard.press("Enter")
    until(lambda: gallery.said()["labels"] == [name[:40]])
    assert page.evaluate("document.body.dataset.bad") is None
    assert gallery.root.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(browser, site, tmp_path, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True)
    page = context.new_page()
    gallery = Gallery(page, site, "?labels=1")
    gallery.bring(files(tmp_path, 3))
    gallery.has(3)
    gallery.tells(reruns=2)
    gallery.tile(0).tap()
    low = [one.bounding_box()["height"] for one in gallery.root.locator("button:visible, select:visible").all()]
    assert min(low) >= 40
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    context.close()


def test_foreign_pictures_are_not_shown(browser, page, site, tmp_path):
    gallery = Gallery(page, site)
    gallery.bring(files(tmp_path, 1))
    gallery.has(1)
    source = gallery.tile(0).locator("img").get_attribute("src")
    other = browser.new_context()
    assert other.request.get(site.url + source).status == 404
    assert page.context.request.get(site.url + source).status == 200
    stranger = Gallery(other.new_page(), site, "?try_pictures_album=My+pictures")
    assert stranger.said()["album"] == "~photos"
    other.close()
