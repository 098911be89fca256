// One polite live region per page (base.html); what is said there is read out by screen readers.
const region = document.querySelector("[data-announce]");

export function announce(text) {
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}
