// Copies an address that stands in the page; where that is not allowed, the address is selected instead.

const field = document.querySelector("[data-copy-text]");
const button = document.querySelector("[data-copy]");
const said = document.querySelector("[data-copy-said]");

if (field && button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = button.dataset.done;
    } catch {
      said.textContent = button.dataset.failed;
    }
  });
}
