/* A form sent after the session had expired leads to the login, and then to the form as it was stored.
   What was typed is kept in this tab when the form is sent, and put back after that login; files cannot be. */

const form = document.querySelector("#content-main form[method=post]");
const place = `kept:${location.pathname}`;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "opened_at"]);

if (form) {
  const kept = sessionStorage.getItem(place);
  sessionStorage.removeItem(place);
  if (kept && cameFromLogin()) window.addEventListener("load", () => putBack(JSON.parse(kept)));
  form.addEventListener("submit", () => {
    const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name));
    sessionStorage.setItem(place, JSON.stringify(typed));
  });
}

function cameFromLogin() {
  return document.referrer && new URL(document.referrer).pathname.endsWith("/login/");
}

function putBack(typed) {
  addRows(typed);
  const values = new Map();
  for (const [name, value] of typed) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || NOT_TYPED.has(field.name) || field.type === "file" || field.type === "submit") continue;
    const given = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
    else if (given.length) field.value = given[0];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const note = document.createElement("p");
  note.className = "note note--warn";
  note.setAttribute("role", "status");
  note.textContent = "Votre session avait expiré. Votre texte est de nouveau là, pas encore enregistré : relisez, remettez les photographies, puis enregistrez.";
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
