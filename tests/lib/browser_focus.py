"""Where the keyboard is, as a person sees it: inside the window, covered by nothing, drawn around.

`unseen(page)` says what hides the focus from whoever has no mouse; empty when nothing does.
"""

from playwright.sync_api import Page

_LOOK = """
(() => {
const followed = async () => {
  // A key moves the focus at once; the window follows it with a picture that is drawn later.
  let hidden = "";
  for (let frame = 0; frame < 90; frame += 1) {
    await new Promise(requestAnimationFrame);
    hidden = look();
    if (!hidden && frame) return "";
  }
  return hidden;
};
const look = () => {
  const one = document.activeElement;
  // What a script focuses so that it is read out is no stop of the keyboard.
  if (!one || one === document.body || one.tabIndex < 0) return "";
  // A box to tick is felt as its whole label.
  const felt = (one.type === "checkbox" || one.type === "radio") && one.closest("label") || one;
  const name = felt.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  const high = window.innerHeight, wide = document.documentElement.clientWidth;
  // A link that wraps has several boxes, and what is between them is not the link.
  const boxes = [...felt.getClientRects()].filter((box) => box.width && box.height);
  if (!boxes.length) return `has no size: ${name}`;
  for (const box of boxes) {
    const fits = box.height <= high && box.width <= wide;
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, wide)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, high)];
    const cut = box.left < -1 || box.right > wide + 1 || box.top < -1 || box.bottom > high + 1;
    if (right <= left || bottom <= top || (fits && cut)) return `outside of the window: ${name}`;
    const across = [left + 2, (left + right) / 2, right - 2], down = [top + 2, (top + bottom) / 2, bottom - 2];
    for (const x of across) for (const y of down) {
      const hit = document.elementFromPoint(x, y);
      if (hit && (felt.contains(hit) || hit.contains(felt))) continue;
      return `covered by ${hit ? hit.outerHTML.slice(0, 80) : "the edge"}: ${name}`;
    }
  }
  const drawn = [one, felt].some((each) => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  });
  return drawn ? "" : `not drawn around: ${name}`;
};
return followed();
})()
"""


def unseen(page: Page) -> str:
    """What hides the focus, or draws nothing around it; empty where a person sees it."""
    return str(page.evaluate(_LOOK))
