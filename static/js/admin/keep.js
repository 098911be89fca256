/* A form sent after the session had expired leads to the login, and then to the form as it was stored. What was typed is
   kept in this tab when the form is sent, and put back after that login; files cannot be. Any other page forgets it. */

const KEPT = "kept:";
const here = KEPT + location.pathname;
const form = document.querySelector("body.change-form #content-main form[method=post]");

if (!location.pathname.endsWith("/login/")) {
  const kept = sessionStorage.getItem(here);
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEPT)) sessionStorage.removeItem(key);
  if (form && kept && cameFromLogin()) whenReady(() => putBack(JSON.parse(kept)));
  form?.addEventListener("submit", () => {
    const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !isOfThePage(name));
    sessionStorage.setItem(here, JSON.stringify(typed));
  });
}

/* Django's script adds the links that add rows some time after the page has loaded. */
function whenReady(act) {
  const waits = document.querySelector(".js-inline-admin-formset") && !document.querySelector(".add-row");
  if (waits) setTimeout(whenReady, 50, act);
  else act();
}

function cameFromLogin() {
  return document.referrer && new URL(document.referrer).pathname.endsWith("/login/");
}

/* What the server writes into a form for itself. The version is put back: it is that of what the person had read. */
function isOfThePage(name) {
  return name === "csrfmiddlewaretoken" || /-(INITIAL_FORMS|id|opportunity)$/.test(name);
}

function putBack(typed) {
  addRows(typed);
  const values = new Map();
  for (const [name, value] of typed) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || isOfThePage(field.name) || field.name.endsWith("-TOTAL_FORMS") || ["file", "submit"].includes(field.type)) continue;
    const given = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
    else if (given.length) field.value = given[0];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const note = document.createElement("p");
  note.className = "note note--warn";
  note.setAttribute("role", "status");
  note.textContent = "Votre session avait expiré. Votre texte est de nouveau là, pas encore enregistré : relisez, puis enregistrez.";
  if (form.querySelector("input[type=file]")) note.textContent += " Les photographies choisies sont à remettre.";
  form.prepend(note);
  note.scrollIntoView({ block: "center" });
}

/* Rows that were added to the form before it was sent. */
function addRows(typed) {
  for (const [name, value] of typed) {
    if (!name.endsWith("-TOTAL_FORMS")) continue;
    const more = document.querySelector(`#${name.replace("-TOTAL_FORMS", "")}-group .add-row a`);
    for (let rows = Number(form.elements[name].value); more && rows < Number(value); rows += 1) more.click();
  }
}

/* Leaving a form that was changed is asked about once, in the words of the browser. */
if (form) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
