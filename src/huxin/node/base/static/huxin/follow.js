// A part of the page that is still being worked out behind it is fetched again until it is done.
//
// Without this module its link does the same by loading the page.

const PAUSE = 1500;

const place = document.querySelector("[data-follow]");
if (place) setTimeout(() => look(place), PAUSE);

async function look(old) {
  try {
    const response = await fetch(window.location.pathname, { redirect: "error" });
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = parsed.getElementById(old.id);
    if (!response.ok || !next) return;
    if (!next.hasAttribute("data-follow")) {
      // What can be done next has changed with it. What was typed and not saved stays, so it is asked first.
      const typed = document.getElementById("text");
      if (!typed || typed.value === typed.defaultValue) return void window.location.reload();
    }
    old.replaceWith(next);
    if (next.hasAttribute("data-follow")) setTimeout(() => look(next), PAUSE);
  } catch {
    setTimeout(() => look(old), PAUSE * 4);
  }
}
