// Ma sélection in this browser: its secret link, kept at the visitor's request (localStorage), in the header, and behind the buttons
// "Ajouter à ma sélection". Nothing of it is sent anywhere but to the selection itself. Without this script they are plain links.
// `site.js` starts it, and gives it what is read out: to import that from here would be a circle.
let announce;

const NAME = "ma-selection";
const ASKED = "ma-selection-demandee"; // in this tab: the visitor has just pressed a button that begins a selection, or changes its link

function read(store, name) {
  try {
    return JSON.parse(store.getItem(name));
  } catch {
    return null;
  }
}

function write(store, name, value) {
  try {
    if (value === null) store.removeItem(name);
    else store.setItem(name, JSON.stringify(value));
  } catch { /* a browser that keeps nothing: the link of the page is enough */ }
}

/** What is kept: `{id, url, keys}`, or null. The address is ours, whatever was written there. */
function kept() {
  const found = read(localStorage, NAME);
  return found && /^\/ma-selection\/[\w:.-]+\/$/.test(found.url) && Array.isArray(found.keys) ? found : null;
}

const sprite = document.querySelector(".site-search use").getAttribute("href").split("#")[0];
const icon = (name) => `<svg class="i" aria-hidden="true"><use href="${sprite}#${name}"/></svg>`;

/** The link in the header, with how many things are kept. */
function showInHeader() {
  document.querySelector(".site-selection")?.remove();
  const own = kept();
  if (!own) return;
  const link = document.createElement("a");
  link.className = "icon-btn site-selection";
  link.href = own.url;
  link.referrerPolicy = "no-referrer";
  const count = own.keys.length;
  link.innerHTML = `${icon("keep")}<span class="sr">Ma sélection, ${count} ${count < 2 ? "élément" : "éléments"}</span><span class="site-selection__count" aria-hidden="true">${count}</span>`;
  if (location.pathname === own.url) link.setAttribute("aria-current", "page");
  document.querySelector(".site-search").after(link);
}

/** What a control that keeps says: words on a page; a picture on a card, whose title it names to who hears it. */
function dress(control, there, title) {
  const words = there ? "Dans ma sélection" : "Ajouter à ma sélection";
  control.innerHTML = `${icon(there ? "check" : "keep")}<span${title ? ' class="sr"' : ""}></span>`;
  control.querySelector("span").textContent = title ? `${words}\u00a0: ${title}` : words;
  if (title) control.dataset.title = title;
}

/** The button of what may be kept: a button that adds, or a link when it is there already. */
function showAdd(place) {
  const own = kept();
  if (!own) return;
  const { selectionAdd: key, title } = place.dataset;
  const there = own.keys.includes(key);
  const control = document.createElement(there ? "a" : "button");
  control.className = place.className;
  control.dataset.selectionAdd = key;
  control.dataset.page = place.dataset.page ?? place.href;
  if (there) control.href = own.url;
  else control.type = "button";
  dress(control, there, title);
  if (!there) control.addEventListener("click", () => add(control, key));
  const focused = place === document.activeElement;
  place.replaceWith(control);
  if (focused) control.focus();
}

/** On each card of a list of offers or rooms, the same; the first one kept begins a selection on its own page. */
function showOnCards() {
  const list = document.querySelector("[data-keep]");
  for (const card of list?.querySelectorAll("[data-offer] > .fiche:not(:has(.fiche__keep))") ?? []) {
    const { offer } = card.parentElement.dataset;
    const link = document.createElement("a");
    link.className = "icon-btn fiche__keep";
    link.rel = "nofollow";
    link.href = list.dataset.keepPage.replace("/0/", `/${offer}/`);
    link.dataset.selectionAdd = `${list.dataset.keep}-${offer}`;
    dress(link, false, card.querySelector("h3").textContent);
    card.append(link);
    showAdd(link);
  }
}

async function add(control, key) {
  const own = kept();
  try {
    const response = await fetch(own.url, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ verb: "add", quoi: key }),
      referrerPolicy: "no-referrer",
    });
    if (response.status === 404) { // erased, or its link was changed elsewhere: begin again on the page that says so
      write(localStorage, NAME, null);
      location.assign(control.dataset.page);
      return;
    }
    const answer = await response.json();
    if (!response.ok) {
      control.querySelector("span").textContent = answer.problem;
      announce(answer.problem);
      return;
    }
    write(localStorage, NAME, { ...own, keys: answer.keys });
    announce("C’est dans votre sélection.");
    showAdd(control);
    showInHeader();
  } catch { // no network: the page of the link says what the browser says
    location.assign(control.dataset.page);
  }
}

/** The page where one begins: the selection that this browser keeps comes first. */
function showHome() {
  const begin = document.querySelector("[data-selection-begin]");
  const own = kept();
  if (!begin || !own) return;
  const link = document.createElement("a");
  link.className = "btn";
  link.href = own.url;
  link.referrerPolicy = "no-referrer";
  link.textContent = `Ouvrir ma sélection (${own.keys.length})`;
  begin.replaceChildren(link);
}

/** The page of a selection: this browser follows what it holds, and keeps it when asked. */
function follow(page) {
  const here = { id: page.dataset.selection, url: location.pathname, keys: page.dataset.selectionKeys.split(" ").filter(Boolean) };
  const asked = read(sessionStorage, ASKED);
  write(sessionStorage, ASKED, null);
  const isOurs = () => kept()?.id === here.id;
  if (isOurs() || asked === "new" || (asked && asked === here.id)) write(localStorage, NAME, here);
  const remember = page.querySelector("[data-selection-remember]");
  const forget = page.querySelector("[data-selection-unremember]");
  const show = () => {
    remember.hidden = isOurs();
    forget.hidden = !isOurs();
    showInHeader();
  };
  remember.addEventListener("click", () => {
    write(localStorage, NAME, here);
    show();
    announce("Cet appareil retrouvera cette sélection.");
    forget.focus();
  });
  forget.addEventListener("click", () => {
    write(localStorage, NAME, null);
    show();
    announce("Cet appareil a oublié cette sélection. Elle existe toujours\u00a0: gardez son lien.");
    remember.focus();
  });
  show();
}

export function start(say) {
  announce = say;
  for (const form of document.querySelectorAll("form[data-selection-keep]")) {
    const { selectionKeep: id } = form.dataset;
    form.addEventListener("submit", () => {
      // A new selection is kept here; a changed link only where the former one was.
      if (!id || kept()?.id === id) write(sessionStorage, ASKED, id || "new");
    });
  }

  const erased = document.querySelector("[data-selection-forget]");
  if (erased && kept()?.id === erased.dataset.selectionForget) write(localStorage, NAME, null);

  const page = document.querySelector("[data-selection]");
  if (page) follow(page);
  else showInHeader();
  document.querySelectorAll("[data-selection-add]").forEach(showAdd);
  showOnCards();
  document.addEventListener("htmx:afterSettle", showOnCards);
  showHome();

  const link = document.querySelector("[data-selection-join] input[name=lien]");
  if (link && !link.value && kept()) link.value = location.origin + kept().url;
}
