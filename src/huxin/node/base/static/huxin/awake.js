// Keeps the screen on while a card is shown, and says whether it does.
// Asks the browser only, never the network; without it the page is the same.

const place = document.querySelector("[data-awake]");

/** Show in the roof whether the screen stays on. */
function say(on) {
  if (place) place.textContent = on ? place.dataset.on : place.dataset.off;
}

/** Ask to keep the screen on; the browser may say no, for example when the battery is low. */
async function stayOn() {
  try {
    const lock = await navigator.wakeLock.request("screen");
    say(true);
    lock.addEventListener("release", () => say(false), { once: true });
  } catch {
    say(false);
  }
}

if (place && "wakeLock" in navigator) {
  stayOn();
  // The browser lets go when the page is out of sight; ask again when it is back.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") stayOn();
  });
}
