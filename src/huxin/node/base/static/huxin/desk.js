// The preview of a card follows what is typed, a moment after the last key.
//
// Without this module the button beside the preview does the same by loading the page. What is
// typed goes to this node only, by the same form; nothing is signed.

const PAUSE = 500;

for (const form of document.querySelectorAll("form[data-preview]")) follow(form);

function follow(form) {
  const place = document.getElementById("preview");
  const button = document.querySelector("[data-preview-button]");
  let timer;
  let latest = 0;

  async function look() {
    const mine = (latest += 1);
    const response = await fetch(form.dataset.preview, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "text/html" },
      redirect: "error",
    });
    // An answer that was overtaken by a later one says nothing of what stands there now.
    if (!response.ok || mine !== latest) return;
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    place.replaceChildren(...parsed.body.childNodes);
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(() => look().catch(() => {}), PAUSE);
  }

  // Whoever typed while this module was still on its way is answered too.
  const typed = [...form.elements].some((one) => "defaultValue" in one && one.value !== one.defaultValue);
  if (typed) soon();
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  button?.addEventListener("click", (event) => {
    event.preventDefault();
    // Where there is no answer (signed out, no network), the page itself is asked, as without us.
    look().catch(() => form.requestSubmit(button));
  });
}
