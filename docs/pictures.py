"""The pictures of the site, from the program itself: ``python docs/pictures.py`` makes docs/pictures/ anew.

A fictional district is made, reported and photographed in an installed Chromium; every picture says 示例数据. Run it
after a change of a page that is shown. ``python docs/pictures.py annual mail`` makes only those.
"""

import email
import email.policy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64encode
from email.message import EmailMessage
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, sync_playwright

from perfeval.present.fontfile import font_file

HERE = Path(__file__).parent
INTO = HERE / "pictures"
MOST_BYTES, WIDEST = 100_000, 1400
OFFICE, YEAR, DISTRICT = "子虚街道", 2024, "虚构区"
SAID = "示例数据（虚构）"
QUIET = ["--no-sandbox", "--hide-scrollbars", "--force-prefers-reduced-motion"]
WIDE, PHONE = {"width": 1180, "height": 900}, {"width": 390, "height": 800}
RECIPIENTS = "单位,角色,姓名,邮箱,起始日期,截止日期\n子虚街道,主要领导,张三,zhangsan@example.gov.cn,,\n"
CHART = """\
import perfeval as pe
from perfeval import plot

scores = pe.scores(years=2024)
axes = plot.bars(scores, "name", "score", title="2024年度各街道的复算得分")
axes.figure.set_size_inches(8, 4)
plot.save(axes, "chart.png")
"""


def run(place: Path, *words: str) -> None:
    """A program, in the demo project."""
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(HERE.parent)}
    subprocess.run(words, cwd=place, env=environment, check=True, stdout=subprocess.DEVNULL)


def perfeval(place: Path, *words: str) -> None:
    """``perfeval …`` there."""
    run(place, sys.executable, "-m", "perfeval.cli", *words)


def mail_page(file: Path) -> str:
    """The body of a draft as a mail program shows it: its pictures in their places."""
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise TypeError(file.name)
    pictures = {}
    for part in message.walk():
        if part.get("Content-ID"):
            data = b64encode(part.get_payload(decode=True)).decode()
            pictures[part["Content-ID"].strip("<>")] = f"data:{part.get_content_type()};base64,{data}"
    body = message.get_body(("html",))
    text = body.get_content() if body else ""
    return re.sub(r'cid:([^"]+)', lambda found: pictures.get(found[1], ""), text)


def project(folder: Path) -> Path:
    """A fictional district with the reports that are shown."""
    place = folder / "data-demo"
    perfeval(folder, "demo", "--subdistricts", "6", "--years", "2022-2024", "--into", str(place))
    (place / "data" / "recipients.csv").write_text(RECIPIENTS, encoding="utf-8")
    perfeval(place, "run", "-y", str(YEAR))
    perfeval(place, "run", "-r", "review", "-s", OFFICE, "-y", str(YEAR))
    perfeval(place, "share", "workbench.html")
    perfeval(place, "send", "--dry-run", "-s", OFFICE, "-y", str(YEAR), "--into", "drafts")
    (place / "mail.html").write_text(mail_page(next((place / "drafts").rglob("*.eml"))), encoding="utf-8")
    (place / "chart.py").write_text(CHART, encoding="utf-8")
    run(place, sys.executable, "chart.py")
    perfeval(place, "export", "form.xlsx", "--template", "-y", str(YEAR + 1))
    perfeval(place, "export", "word.docx", "-s", OFFICE, "-y", str(YEAR))
    return place


def pages(place: Path) -> dict[str, tuple[Path, dict[str, int]]]:
    """What is photographed, by the picture's name, and how large the window is."""
    office = next(path.parent.parent for path in place.glob(f"outputs/*/{YEAR}/review"))
    return {
        "annual": (office / str(YEAR) / "annual" / "annual.html", {**WIDE, "height": 1300}),
        "phone": (office / str(YEAR) / "annual" / "annual.html", PHONE),
        "review": (office / str(YEAR) / "review" / "review.html", WIDE),
        "overview": (place / "outputs" / DISTRICT / str(YEAR) / "overview" / "overview.html", {**WIDE, "height": 1300}),
        "index": (place / "outputs" / "index.html", {**WIDE, "height": 640}),
        "workbench": (place / "workbench.html", {"width": 1400, "height": 900}),
        "mail": (place / "mail.html", {"width": 720, "height": 1180}),
    }


def paper(file: Path) -> Path:
    """The first page of an office file as LibreOffice prints it."""
    folder, name = file.parent, file.stem
    run(folder, "soffice", "--headless", "--convert-to", "pdf", file.name)
    run(folder, "pdftoppm", "-png", "-singlefile", "-r", "90", f"{name}.pdf", name)
    return folder / f"{name}.png"


def labelled(file: Path, into: Path) -> None:
    """The picture with few colours, small, and a strip at its foot that says what it is made from."""
    with Image.open(file) as opened:
        shot = opened.convert("RGB")
    if shot.width > WIDEST:
        shot = shot.resize((WIDEST, shot.height * WIDEST // shot.width))
    strip = 30
    whole = Image.new("RGB", (shot.width, shot.height + strip), "#7a1f1f")
    whole.paste(shot, (0, 0))
    font = ImageFont.truetype(str(font_file()), 16)
    ImageDraw.Draw(whole).text((12, shot.height + 4), SAID, fill="white", font=font)
    for colours in (128, 64, 32, 16):
        small = whole.quantize(colours, dither=Image.Dither.NONE)
        small.save(into, optimize=True)
        if into.stat().st_size < MOST_BYTES:
            return
    raise ValueError(f"{into.name}: {into.stat().st_size} bytes")


def photograph(page: Page, name: str, file: Path, window: dict[str, int], folder: Path) -> Path:
    """One page in a window of this size."""
    page.set_viewport_size(window)
    page.goto(file.as_uri())
    page.wait_for_timeout(1500)
    shot = folder / f"{name}.png"
    page.screenshot(path=shot)
    return shot


def main(asked: list[str]) -> None:
    """Make the pictures, all or those asked for."""
    INTO.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        place = project(folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page()
        for name, (file, window) in pages(place).items():
            if not asked or name in asked:
                labelled(photograph(page, name, file, window, folder), INTO / f"{name}.png")
        browser.close()
        drawn = {"chart": place / "chart.png", "form": place / "form.xlsx", "word": place / "word.docx"}
        for name, file in drawn.items():
            if not asked or name in asked:
                labelled(file if file.suffix == ".png" else paper(file), INTO / f"{name}.png")
        sizes = {file.name: file.stat().st_size for file in sorted(INTO.glob("*.png"))}
    sys.stdout.write(json.dumps(sizes, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
