/* The form of an offer shows the fields its kind asks for, and the exact address only where one is told.
   Everything comes from the JSON of `data-kinds` on the select of the kind (opportunities/forms.py).
   Without this script all fields are shown. A field that is hidden keeps its value until the offer is saved. */

// A form that was refused begins with what to correct; Django's own script would go to the first field.
window.addEventListener("load", () => document.querySelector(".refusals")?.focus());

const kind = document.querySelector("[data-kinds]");
const EXACT_ONLY = ["workplace", "address", "latitude", "longitude"];

if (kind) {
  const table = JSON.parse(kind.dataset.kinds);
  const show = () => {
    const chosen = table.kinds[kind.value];
    for (const name of table.governed) setField(name, !chosen || chosen.shown.includes(name), Boolean(chosen?.required.includes(name)));
    for (const [name, owner] of Object.entries(table.companions)) setField(name, !chosen || chosen.shown.includes(owner), false);
    const precision = document.querySelector("[name=location_precision]:checked");
    for (const name of EXACT_ONLY) setField(name, !precision || precision.value === table.exact, false);
    describe(chosen?.definition ?? "");
    hideEmptyGroups();
  };
  kind.addEventListener("change", show);
  for (const radio of document.querySelectorAll("[name=location_precision]")) radio.addEventListener("change", show);
  show();
}

/* The element that holds the label, the control and the help of a field: a row, or one box of a row. */
function boxOf(name) {
  return document.querySelector(`.fieldBox.field-${name}`)?.parentElement ?? document.querySelector(`.form-row.field-${name}`);
}

function setField(name, shown, required) {
  const box = boxOf(name);
  if (!box) return;
  const wrong = box.querySelector(".errorlist") !== null;
  box.hidden = !shown && !wrong;
  const label = box.querySelector("label, legend");
  label?.querySelector(".needed")?.remove();
  if (required && label) {
    const mark = document.createElement("span");
    mark.className = "needed";
    mark.textContent = " à renseigner pour publier";
    label.append(mark);
  }
}

function describe(text) {
  const box = boxOf("kind");
  let line = box.querySelector(".kind-definition");
  if (!line) {
    line = document.createElement("div");
    line.className = "help kind-definition";
    line.setAttribute("aria-live", "polite");
    box.append(line);
  }
  line.textContent = text;
}

function hideEmptyGroups() {
  for (const row of document.querySelectorAll("fieldset.module .form-row")) {
    const boxes = row.querySelectorAll(":scope > .form-multiline > div");
    if (boxes.length) row.hidden = [...boxes].every((box) => box.hidden);
  }
  for (const group of document.querySelectorAll("#opportunity_form > div > fieldset.module")) {
    const rows = group.querySelectorAll(".form-row");
    group.hidden = rows.length > 0 && [...rows].every((row) => row.hidden);
  }
}
