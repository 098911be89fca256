// The list of offers with htmx: filters follow the address, the count is announced, the focus is never lost.
// Without this module the page works by plain links and a submit button.
import { announce } from "./site.js";

const form = document.getElementById("filtres");
const list = document.querySelector("[data-list]");
const heading = () => document.getElementById("titre");

/** Makes the form say what the address says, after a chip or a page link has changed the address. */
function followAddress() {
  const params = new URLSearchParams(location.search);
  for (const field of form.elements) {
    if (!field.name) continue;
    const values = params.getAll(field.name);
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else if (field.tagName !== "SELECT") field.value = values[0] ?? "";
    else if (values.length || field.options[0].value === "") field.value = values[0] ?? "";
  }
}

/** Lays out the cards far below one by one, when nothing else is to be done: a phone shows the first ones sooner. */
function layOut() {
  const card = list.querySelector(".fiches > li:nth-child(n+5):not([data-laid-out])");
  if (!card) return;
  card.toggleAttribute("data-laid-out", true);
  later(layOut);
}
const later = window.requestIdleCallback ?? ((act) => setTimeout(act, 50));
window.addEventListener("load", () => later(layOut));

/** Whether a request of the form asks for what is already shown: leaving a field that was already taken into account. */
function asksTheSame({ elt, requestConfig, pathInfo }) {
  return elt === form && requestConfig.triggeringEvent?.type !== "submit" && pathInfo.finalRequestPath === location.pathname + location.search;
}

/** The link that was followed is gone: the focus goes to the count, and the reader to the top of a new page. */
function takeFocus(isNewPage) {
  heading().focus({ preventScroll: true });
  if (isNewPage) heading().scrollIntoView({ behavior: "instant" });
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (asksTheSame(event.detail)) event.preventDefault();
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id !== "resultats") return;
  later(layOut);
  const asked = detail.requestConfig?.elt;
  if (asked !== form) followAddress();
  const chips = document.querySelectorAll("#entete .chip").length;
  form.querySelector("[data-active-count]").textContent = chips ? `(${chips})` : "";
  if (document.activeElement !== document.body && document.activeElement !== null) announce(heading().textContent);
  else takeFocus(asked?.closest?.(".pages"));
});

// A search that failed is told above the list, which still shows the one before.
const failure = document.querySelector("[data-search-failed]");
for (const [name, failed] of [["htmx:responseError", true], ["htmx:sendError", true], ["htmx:beforeRequest", false]]) {
  document.addEventListener(name, () => { failure.hidden = !failed; });
}

// The sort control stands outside the form and is replaced with the head of the list.
document.addEventListener("change", (event) => {
  if ("autosubmit" in event.target.dataset) form.requestSubmit();
});

// On a phone, submitting closes the filters and shows the results.
form.addEventListener("submit", (event) => {
  const disclosure = document.getElementById("filtres-ouvrir");
  if (!disclosure.open || !event.submitter?.classList.contains("filters__go")) return;
  disclosure.open = false;
  heading().scrollIntoView();
});

// List or map, one at a time, where they do not fit side by side.
// The tab remembers which, so that coming back from an offer, or loading the page again, finds the map.
const views = [...document.querySelectorAll("[data-view-link]")];
function show(link) {
  list.dataset.view = link.dataset.viewLink;
  for (const other of views) other.toggleAttribute("aria-current", false);
  link.setAttribute("aria-current", "true");
  window.dispatchEvent(new Event("resize")); // a map that was hidden measures itself again
}
for (const link of views) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    show(link);
    sessionStorage.setItem("view", link.dataset.viewLink);
    link.closest(".list__views").scrollIntoView({ behavior: "instant" }); // what was chosen, from its top
  });
}
const [{ type }] = performance.getEntriesByType("navigation");
const wanted = type === "navigate" ? location.hash.slice(1) : sessionStorage.getItem("view");
const remembered = views.find((link) => link.dataset.viewLink === wanted);
if (remembered) show(remembered);
