// Copies a picture that stands in the page to the clipboard; nothing is fetched, nothing is sent.

/** Return the picture that a button carries in base64. */
function picture(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: "image/png" });
}

for (const button of document.querySelectorAll("[data-copy-picture]")) {
  const item = button.closest("[data-copy-item]");
  const said = item?.querySelector("[data-copy-said]");
  if (item && "clipboard" in navigator && "ClipboardItem" in window) item.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const blob = picture(button.dataset.copyPicture);
      await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
      if (said) said.textContent = button.dataset.done;
    } catch {
      if (said) said.textContent = button.dataset.failed;
    }
  });
}
