// The page to sign out: what this phone kept goes first, then the account.  The node says the same with its answer.

import { forget } from "./store.js";

const form = document.querySelector("form[data-forget]");
if (form instanceof HTMLFormElement && "serviceWorker" in navigator) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Nobody stays signed in because a browser could not forget.
    forget()
      .catch(() => undefined)
      .then(() => form.submit());
  });
}
