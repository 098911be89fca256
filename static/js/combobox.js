// A text field that proposes answers while one types: the editable combobox with a list of the ARIA Authoring Practices.
// Focus never leaves the field. Nothing is stored; a failed request leaves a plain text field.
// Used by commune-field.js and search-field.js, which say where answers come from, how one looks and what choosing it does.
const SHORTEST = 2;
const PAUSE_MS = 120;

export class Combobox {
  static #enhanced = new WeakSet();
  static #count = 0;

  #input;
  #kind;
  #list;
  #status;
  #answers = [];
  #active = -1;
  #timer = 0;
  #request = null;

  /**
   * kind: { source, label, read(json), option(answer), choose(input, answer), told(count), byTab } where `source` is the address that
   * answers to `q`, `option` gives the parts of one line, and `byTab` says whether leaving the field takes the marked answer.
   */
  static enhance(input, kind) {
    if (Combobox.#enhanced.has(input) || input.disabled || input.readOnly) return;
    Combobox.#enhanced.add(input);
    new Combobox(input, kind);
  }

  constructor(input, kind) {
    this.#input = input;
    this.#kind = kind;
    const id = `suggestions-${(Combobox.#count += 1)}`;
    this.#list = element("div", { id, role: "listbox", class: "suggest__list", "aria-label": kind.label, hidden: "" });
    this.#status = element("span", { role: "status", class: "suggest__status" });
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
    const address = new URL(this.#kind.source, document.baseURI);
    address.searchParams.set("q", this.#input.value.trim());
    try {
      const answer = await fetch(address, { signal: request.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.statusText);
      const answers = this.#kind.read(await answer.json());
      if (!request.signal.aborted && document.activeElement === this.#input) this.#show(answers, marked);
    } catch {
      // A question called back by a further letter leaves the field as it is: the next one is on its way.
      if (!request.signal.aborted) this.#close();
    }
  }

  #show(answers, marked) {
    this.#answers = answers;
    this.#list.replaceChildren(...answers.map((answer, rank) => element(
      "div", { id: `${this.#list.id}-${rank}`, role: "option", "aria-selected": "false", class: "suggest__option" }, ...this.#kind.option(answer),
    )));
    this.#active = -1;
    const wasOpen = this.#isOpen;
    this.#list.hidden = answers.length === 0;
    if (!wasOpen) this.#list.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-expanded", String(this.#isOpen));
    this.#mark(this.#isOpen ? marked : -1);
    this.#status.textContent = this.#kind.told(answers.length);
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
    const places = this.#answers.length + 1;
    this.#mark(((this.#active + 1 + by + places) % places) - 1);
  }

  #choose(rank) {
    const answer = this.#answers[rank];
    this.#close();
    this.#kind.choose(this.#input, answer);
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
    } else if (event.key === "Tab" && this.#isOpen && this.#active >= 0 && this.#kind.byTab) {
      this.#choose(this.#active);
    } else if (event.key === "Home" || event.key === "End") {
      this.#mark(-1); // the caret moves in the text, as everywhere
    }
  }
}

export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// The two parts of a line: what is chosen, and what tells it from others.
export function line(name, detail) {
  return [element("span", { class: "suggest__name" }, name), " ", element("span", { class: "suggest__place" }, detail)];
}

// Enhances every field that `selector` finds, now and when it comes later: swapped by htmx, added by a formset.
export function enhanceAll(selector, kindOf) {
  for (const input of document.querySelectorAll(selector)) Combobox.enhance(input, kindOf(input));
  document.addEventListener("focusin", ({ target }) => { if (target.matches?.(selector)) Combobox.enhance(target, kindOf(target)); });
}
