"""A picture without its metadata looks in a browser as it did before, dot by dot and the same side up."""

from base64 import b64encode

import pytest

from dauys.petitions.files import cleaned
from made_pictures import WHERE, jpeg_of_a_phone

pytestmark = pytest.mark.browser

DOTS = """async address => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return [canvas.width, canvas.height, Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data)];
}"""


def seen(page, content, kind):
    return page.evaluate(DOTS, f"data:{kind};base64,{b64encode(content).decode()}")


def test_every_dot_is_kept(browser):
    page = browser.new_page(viewport={"width": 120, "height": 80})
    page.set_content("<h1>Дауыс</h1><p style='color: teal'>Суреттің нүктелері")
    pictures = [jpeg_of_a_phone(side) for side in (1, 6)]
    pictures += [page.screenshot(type=kind) for kind in ("jpeg", "png")]
    for picture in pictures:
        kind, _, kept = cleaned(picture)
        assert WHERE not in kept
        before, after = seen(page, picture, kind), seen(page, kept, kind)
        assert before == after
        assert before[0] > 0
    page.close()
