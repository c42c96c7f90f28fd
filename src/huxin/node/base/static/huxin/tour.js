// The tour, with a script: the panel of nodes keeps itself up to date, tokens of buttons stay fresh,
// and the text of a practice card can be copied.  Without it the page does all of this when loaded.

const panel = document.querySelector("[data-tour-nodes]");
const said = document.querySelector("[data-tour-said]");
const LOOK = 2_000;
const RENEW = 150_000;

async function text(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

function states() {
  return [...panel.querySelectorAll("[data-node]")].map((row) => row.dataset.state).join(" ");
}

// A state stands also beside the buttons of a step that need it.
function repeat() {
  for (const row of panel.querySelectorAll("[data-node]")) {
    const { node, state } = row.dataset;
    for (const place of document.querySelectorAll(`[data-state-of="${node}"]`)) {
      place.replaceChildren(row.querySelector(".tag").cloneNode(true));
    }
    for (const line of document.querySelectorAll(`[data-away="${node}"]`)) line.hidden = state === "running";
  }
}

async function look() {
  // Whoever is about to press a button there keeps it.
  if (document.hidden || panel.contains(document.activeElement)) return;
  try {
    const fresh = await text(panel.dataset.tourNodes);
    const before = states();
    if (fresh.trim() === panel.innerHTML.trim()) return;
    panel.innerHTML = fresh;
    if (states() !== before) {
      repeat();
      said.textContent = [...panel.querySelectorAll("[data-node]")]
        .map((row) => `${row.querySelector("b").textContent}: ${row.querySelector(".tag").textContent.trim()}`)
        .join(". ");
    }
  } catch {
    // The tour itself is away; the page stays as it is.
  }
}

async function renew() {
  if (document.hidden) return;
  try {
    const fresh = new DOMParser().parseFromString(await text(location.pathname), "text/html");
    for (const field of document.querySelectorAll("[data-token]")) {
      const other = fresh.getElementById(field.id);
      if (other) field.value = other.value;
    }
  } catch {
    // As above.
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.dataset.done = "yes";
    said.textContent = button.textContent.trim() + " ✓";
  });
}

setInterval(look, LOOK);
setInterval(renew, RENEW);
document.addEventListener("visibilitychange", renew);
