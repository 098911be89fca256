// Suggests communes under every text field that has data-commune-source (see templates/components/commune_field.html).
// The pattern is the editable combobox with a list of the ARIA Authoring Practices: focus never leaves the field.
// Choosing an option writes the name and dispatches `input`, `change` and `commune-chosen` (detail: the commune).
// Nothing is stored; a failed request leaves a plain text field.
const SELECTOR = "input[data-commune-source]";
const SHORTEST = 2;
const PAUSE_MS = 120;

class CommuneField {
  static #enhanced = new WeakSet();
  static #count = 0;

  #input;
  #list;
  #status;
  #communes = [];
  #active = -1;
  #timer = 0;
  #request = null;

  static enhance(input) {
    if (CommuneField.#enhanced.has(input) || input.disabled || input.readOnly) return;
    CommuneField.#enhanced.add(input);
    new CommuneField(input);
  }

  constructor(input) {
    this.#input = input;
    const id = `communes-${(CommuneField.#count += 1)}`;
    this.#list = element("div", { id, role: "listbox", class: "commune-field__list", "aria-label": "Communes proposées", hidden: "" });
    this.#status = element("span", { role: "status", class: "commune-field__status" });
    input.after(this.#list, this.#status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
    })) input.setAttribute(name, value);
    input.addEventListener("input", (event) => { if (event.isTrusted) this.#later(); });
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    // A press on the list must not take the focus away from the field.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) this.#choose([...this.#list.children].indexOf(option));
    });
  }

  get #isOpen() { return !this.#list.hidden; }

  #later() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    if (this.#input.value.trim().length < SHORTEST) return this.#close();
    this.#timer = setTimeout(() => this.#search(), PAUSE_MS);
  }

  // Asks for suggestions; `marked` is the option to mark when they come.
  async #search(marked = -1) {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    const address = new URL(this.#input.dataset.communeSource, document.baseURI);
    address.searchParams.set("q", this.#input.value.trim());
    try {
      const answer = await fetch(address, { signal: request.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.statusText);
      const { communes } = await answer.json();
      if (this.#request === request && document.activeElement === this.#input) this.#show(communes, marked);
    } catch {
      if (this.#request === request) this.#close();
    }
  }

  #show(communes, marked) {
    this.#communes = communes;
    this.#list.replaceChildren(...communes.map((commune, rank) => option(commune, `${this.#list.id}-${rank}`)));
    this.#active = -1;
    const wasOpen = this.#isOpen;
    this.#list.hidden = communes.length === 0;
    if (!wasOpen) this.#list.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-expanded", String(this.#isOpen));
    this.#mark(this.#isOpen ? marked : -1);
    this.#status.textContent = told(communes.length);
  }

  #close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#status.textContent = "";
    this.#mark(-1);
  }

  #mark(rank) {
    const options = this.#list.children;
    options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = rank;
    if (rank < 0) return this.#input.removeAttribute("aria-activedescendant");
    options[rank].setAttribute("aria-selected", "true");
    options[rank].scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", options[rank].id);
  }

  // From the field (-1) down through the options and back to the field.
  #step(by) {
    const places = this.#communes.length + 1;
    this.#mark(((this.#active + 1 + by + places) % places) - 1);
  }

  #choose(rank) {
    const commune = this.#communes[rank];
    this.#close();
    this.#input.value = commune.name;
    this.#input.dispatchEvent(new Event("input", { bubbles: true }));
    this.#input.dispatchEvent(new Event("change", { bubbles: true }));
    this.#input.dispatchEvent(new CustomEvent("commune-chosen", { bubbles: true, detail: commune }));
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow) {
      event.preventDefault();
      if (this.#isOpen) this.#step(arrow);
      else if (this.#input.value.trim().length >= SHORTEST) this.#search(0);
    } else if (event.key === "Enter" && this.#isOpen && this.#active >= 0) {
      event.preventDefault();
      this.#choose(this.#active);
    } else if (event.key === "Enter") {
      this.#close();
    } else if (event.key === "Escape" && this.#isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Tab" && this.#isOpen && this.#active >= 0) {
      this.#choose(this.#active);
    } else if (event.key === "Home" || event.key === "End") {
      this.#mark(-1); // the caret moves in the text, as everywhere
    }
  }
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function option(commune, id) {
  const name = element("span", { class: "commune-field__name" }, commune.name);
  const place = element("span", { class: "commune-field__place" }, `${commune.postal_codes.join(", ")} · ${commune.epci}`);
  return element("div", { id, role: "option", "aria-selected": "false", class: "commune-field__option" }, name, " ", place);
}

function told(count) {
  if (count === 0) return "Aucune commune trouvée.";
  return count === 1 ? "Une commune proposée." : `${count} communes proposées.`;
}

for (const input of document.querySelectorAll(SELECTOR)) CommuneField.enhance(input);
// Fields that come later: swapped by htmx, added by a formset.
document.addEventListener("focusin", (event) => { if (event.target.matches?.(SELECTOR)) CommuneField.enhance(event.target); });
