// What is said of the chosen marker: a small panel inside the map, a non-modal dialog.
import { badge } from "./board.js";
import { counted } from "./markers.js";

export class Panel {
  /** `onClose()` after closing; `onLeave(step)` when Tab leaves it: 1 forwards, 0 backwards. */
  constructor(holder, sprite, { onClose, onLeave }) {
    this.element = holder.querySelector("[data-map-panel]");
    this.body = this.element.querySelector("[data-map-panel-body]");
    this.address = holder.dataset.card;
    this.sprite = sprite;
    this.onClose = onClose;
    this.onLeave = onLeave;
    this.cards = new Map();
    this.element.querySelector("[data-map-close]").addEventListener("click", () => this.close({ focus: true }));
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** One offer: at once what the map knows, then the facts of its card. */
  async offer({ id, properties }, kind) {
    this.show([this.head(properties, kind)], properties.t);
    if (!this.address) return;
    const html = await this.card(id);
    if (!html || this.current !== properties.t || !this.isOpen) return;
    const held = this.body.contains(document.activeElement);
    this.body.innerHTML = html;
    if (held) this.focus();
  }

  async card(id) {
    if (!this.cards.has(id)) {
      try {
        const response = await fetch(this.address.replace("/0/", `/${id}/`));
        if (!response.ok) return "";
        this.cards.set(id, await response.text());
      } catch {
        return ""; // the offline fallback is already on screen, with its link
      }
    }
    return this.cards.get(id);
  }

  /** Several offers at the same place: their links. */
  offers(features, kinds, words) {
    const places = new Set(features.map(({ properties }) => properties.p));
    const title = document.createElement("h3");
    title.textContent = `${counted(features.length, words)} ${places.size === 1 ? `à ${[...places][0]}` : "au même endroit"}`;
    const list = document.createElement("ul");
    list.className = "map__list";
    for (const { properties } of features) {
      const item = document.createElement("li");
      item.append(badge(this.sprite, kinds[properties.k]), this.link(properties, kinds[properties.k]));
      list.append(item);
    }
    this.show([title, list], title.textContent);
  }

  head(properties, kind) {
    const part = document.createElement("div");
    part.className = "map__card";
    const label = document.createElement("p");
    label.className = "kind";
    label.append(badge(this.sprite, kind), kind.label);
    const title = document.createElement("h3");
    title.append(this.link(properties));
    const place = document.createElement("p");
    place.className = "xs muted";
    place.textContent = properties.p + (properties.r ? " (zone approximative)" : "");
    part.append(label, title, place);
    return part;
  }

  link({ t: title, u: address }, kind) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = title;
    if (kind) {
      const word = document.createElement("small");
      word.className = "muted";
      word.textContent = ` ${kind.label}`;
      link.append(word);
    }
    return link;
  }

  show(nodes, title) {
    this.current = title;
    this.body.replaceChildren(...nodes);
    this.element.setAttribute("aria-label", title);
    this.element.hidden = false;
    this.element.scrollTop = 0;
    this.focus();
  }

  focus() {
    (this.body.querySelector("a[href]") ?? this.element).focus({ preventScroll: true });
  }

  close({ focus = false } = {}) {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.current = null;
    this.onClose(focus);
  }

  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close({ focus: true });
    }
    if (event.key !== "Tab") return;
    const stops = [...this.element.querySelectorAll("a[href], button")];
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement !== edge) return;
    event.preventDefault();
    this.element.hidden = true;
    this.current = null;
    this.onLeave(event.shiftKey ? 0 : 1);
  }
}
