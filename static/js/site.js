// What every page may use: copying an address, printing, search addresses without empty parameters.
const region = document.querySelector("[data-announce]");

// One polite live region per page (base.html); what is said there is read out by screen readers.
export function announce(text) {
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

async function copy(button) {
  const label = button.querySelector("span");
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    window.prompt("Adresse à copier", button.dataset.copy); // no clipboard outside https
    return;
  }
  label.textContent = button.dataset.copied;
  announce(button.dataset.copied);
  setTimeout(() => { label.textContent = before; }, 3000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) window.print();
  else copy(button);
});

// A form that comes back begins with what is to be corrected: readers of screens start there.
document.querySelector(".note--error[tabindex]")?.focus();

// What was just done is told once: loading the page again, or keeping its address, does not tell it again (core/told.py).
const here = new URL(location.href);
if (here.searchParams.has("fait")) {
  here.searchParams.delete("fait");
  history.replaceState(history.state, "", here);
}

// A search address is made to be shared: parameters that say nothing are left out of it.
for (const form of document.querySelectorAll("form[data-drop-empty]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const name of new Set(formData.keys())) {
      const values = formData.getAll(name);
      while (values.length && values.at(-1) === "") values.pop(); // an empty one before another keeps the place of what goes with it
      formData.delete(name);
      for (const value of values) formData.append(name, value);
    }
    if (!formData.has("commune") && !formData.has("lieu")) formData.delete("rayon");
    if (formData.getAll("demi").every((share) => share === "1")) formData.delete("demi");
    if (formData.get("tri") === "fraicheur") formData.delete("tri");
  });
}

// On a phone, the long parts of a page begin closed; without this script they stay open. Paper shows them.
const folds = [...document.querySelectorAll("details[data-fold]")];
if (matchMedia("(width < 40rem)").matches) for (const fold of folds) fold.open = false;
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = folds.filter((fold) => !fold.open);
  for (const fold of unfolded) fold.open = true;
});
window.addEventListener("afterprint", () => {
  for (const fold of unfolded) fold.open = false;
});

// Ma sélection: only where this browser keeps one, or where one may begin.
const SELECTION = "[data-selection], [data-selection-add], [data-selection-join], [data-selection-forget], [data-keep]";
let keeps = false;
try {
  keeps = localStorage.getItem("ma-selection") !== null;
} catch { /* a browser that keeps nothing */ }
if (keeps || document.querySelector(SELECTION)) import("./selection.js").then(({ start }) => start(announce));
