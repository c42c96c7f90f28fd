// Ticks of a session sheet are sent as they are set; one that could not be sent is kept and tried again.
//
// Without this module the button "Save the ticks" does the same. What is sent is a row and the state
// that it shall have, so sending it twice does no harm. What is kept over a reload is rows and states,
// no names, in this tab only.

const PAUSE = 5000;

class SessionOver extends Error {}

const form = document.querySelector("form[data-tick]");
if (form) follow(form);

function follow(form) {
  const key = `huxin-sheet-${form.dataset.sheet}-${form.dataset.who}`;
  const open = new Map(restore(key));
  const status = form.querySelector("[data-sheet-status]");
  const count = document.querySelector("[data-count]");
  const boxes = new Map();
  for (const box of form.querySelectorAll("[data-tick-box]")) boxes.set(box.value, box);
  let sending = false;
  let over = false;
  let timer;

  for (const [row, state] of open) {
    const box = boxes.get(row);
    if (box) box.checked = state;
    else open.delete(row);
  }
  for (const [row, box] of boxes) {
    box.addEventListener("change", () => {
      open.set(row, box.checked);
      tell(row, form.dataset.rowOpen);
      send();
    });
  }
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (event) => {
    // Whoever goes to sign in finds it all again.
    if (open.size && !over) event.preventDefault();
  });
  form.addEventListener("submit", () => {
    // The form carries every box itself; what is left here would only repeat it.
    open.clear();
    keep();
  });
  if (open.size) send();

  async function send() {
    show();
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    try {
      for (const [row, state] of [...open]) await one(row, state);
      over = false;
    } catch (error) {
      over = error instanceof SessionOver;
    }
    sending = false;
    show();
    if (open.size) {
      clearTimeout(timer);
      timer = setTimeout(send, PAUSE);
    }
  }

  async function one(row, state) {
    const body = new URLSearchParams({ row, state: state ? "1" : "0" });
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const response = await fetch(form.dataset.tick, { method: "POST", body, redirect: "manual" });
    // Led elsewhere, or not let in: somebody has to sign in, no network helps.
    if (response.type === "opaqueredirect" || response.status === 403) throw new SessionOver();
    if (response.status === 409) {
      // It is signed, or the sheet is closed: the box goes back to what stands there.
      const box = boxes.get(row);
      box.checked = !state;
      open.delete(row);
      tell(row, (await response.json()).said);
      return;
    }
    if (!response.ok) throw new Error("not saved");
    const answer = await response.json();
    // Somebody who changed their mind meanwhile is asked for once more.
    if (open.get(row) === state) open.delete(row);
    tell(row, open.has(row) ? form.dataset.rowOpen : form.dataset.rowSaved);
    follow_others(new Set(answer.ticked));
  }

  function follow_others(ticked) {
    for (const [row, box] of boxes) {
      if (!open.has(row)) {
        box.checked = ticked.has(row);
        note_before(row, box.checked);
      }
    }
    count.textContent = ticked.size;
  }

  // The form says what was ticked when it was made; what is saved since is no change any more.
  function note_before(row, state) {
    const before = form.querySelector(`input[name="was"][value="${row}"]`);
    if (before && !state) before.remove();
    if (!before && state) {
      const made = Object.assign(document.createElement("input"), { type: "hidden", name: "was", value: row });
      form.append(made);
    }
  }

  function tell(row, words) {
    document.getElementById(`row-${row}`).querySelector("[data-row-state]").textContent = words;
  }

  function show() {
    keep();
    status.hidden = false;
    const { saved, open: not_yet, later, over: signed_out } = form.dataset;
    const why = over ? signed_out : later;
    const words = open.size ? `${not_yet}${open.size}. ${why}` : saved;
    if (status.firstElementChild.textContent !== words) status.firstElementChild.textContent = words;
    status.querySelector("a").hidden = !(open.size && over);
  }

  function keep() {
    try {
      if (open.size) sessionStorage.setItem(key, JSON.stringify([...open]));
      else sessionStorage.removeItem(key);
    } catch {
      // A browser without storage keeps them as long as the page is open.
    }
  }
}

function restore(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "[]");
  } catch {
    return [];
  }
}
