// The one page for checkers: its button prints.

const button = document.querySelector("[data-print]");
if (button instanceof HTMLButtonElement) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
