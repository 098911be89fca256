// What stands for an offer, or for several, on the map (real buttons, in the order of the list),
// and the panel that says what was chosen.
import { badge, icon } from "./board.js";

const RADIUS = 52; // px: offers nearer than that on screen are one group

/** Positions of the offers, `[longitude, latitude]`, in the pixels of a world of one tile. */
export function projected(features) {
  return features.map(({ geometry: { coordinates: [longitude, latitude] } }) => L.CRS.EPSG3857.latLngToPoint(L.latLng(latitude, longitude), 0));
}

/** Groups of points at a zoom, as lists of their ranks, each led by its first in the list.
    A grid finds the neighbours: ten thousand points take about ten milliseconds. */
export function grouped(points, zoom) {
  const scale = 2 ** zoom / RADIUS;
  const cells = new Map();
  const cell = (column, row) => column * 1e6 + row;
  const places = points.map(({ x, y }, rank) => {
    const place = { x: x * scale, y: y * scale };
    const key = cell(Math.floor(place.x), Math.floor(place.y));
    if (cells.has(key)) cells.get(key).push(rank);
    else cells.set(key, [rank]);
    return place;
  });
  const taken = new Uint8Array(points.length);
  const groups = [];
  for (const [rank, { x, y }] of places.entries()) {
    if (taken[rank]) continue;
    const members = [];
    for (let column = Math.floor(x) - 1; column <= Math.floor(x) + 1; column += 1) {
      for (let row = Math.floor(y) - 1; row <= Math.floor(y) + 1; row += 1) {
        const key = cell(column, row);
        const left = cells.get(key)?.filter((other) => !taken[other]) ?? [];
        for (const other of left) {
          if ((places[other].x - x) ** 2 + (places[other].y - y) ** 2 >= 1) continue;
          taken[other] = 1;
          members.push(other);
        }
        if (left.length) cells.set(key, left);
      }
    }
    groups.push(members.sort((one, two) => one - two));
  }
  return groups;
}

/** `3 offres`, with the words of the page. */
export function counted(count, { one, many }) {
  return `${count.toLocaleString("fr-FR")} ${count > 1 ? many : one}`;
}

/** Name of an offer for who does not see the marker: kind, title, place, and whether the place is exact. */
export function spokenName({ t: title, p: place, r: radius }, kind) {
  return `${kind.label} : ${title}, ${place}${radius ? ", zone approximative" : ""}`;
}

function button(className, name) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `mkb ${className}`;
  element.setAttribute("aria-label", name);
  return element;
}

/** The button of one offer. */
export function single(properties, kind, sprite) {
  const element = button("mkb--one", spokenName(properties, kind));
  element.setAttribute("aria-haspopup", "dialog");
  element.append(badge(sprite, kind));
  return element;
}

/** The button of several offers: white disc, double ring, number. `where` tells them apart by ear. */
export function group(count, name) {
  const element = button("mkb--many", name);
  const digits = String(count).length;
  element.classList.add(digits > 3 ? "mkb--xl" : digits > 2 ? "mkb--lg" : "mkb--md");
  const number = document.createElement("span");
  number.textContent = count.toLocaleString("fr-FR");
  number.setAttribute("aria-hidden", "true");
  element.append(number);
  return element;
}

/** The markers of the map: shows what it is given, keeps what was there, and keeps the order of the list. */
export class Markers {
  constructor(map, { build, onChoose, onPoint }) {
    this.map = map;
    this.pane = map.getPane("markerPane");
    this.build = build;
    this.onChoose = onChoose;
    this.onPoint = onPoint;
    this.shown = new Map();
  }

  /** `entries`: `{key, latlng, ...}` in the order of the list; the same key is the same marker. */
  show(entries) {
    const wanted = new Set(entries.map(({ key }) => key));
    for (const [key, entry] of this.shown) {
      if (wanted.has(key)) continue;
      entry.marker.remove();
      this.shown.delete(key);
    }
    this.entries = entries.map((entry) => this.shown.get(entry.key) ?? this.add(entry));
    this.order();
  }

  add(entry) {
    entry.element = this.build(entry);
    entry.marker = L.marker(entry.latlng, { icon: icon(entry.element), keyboard: false, riseOnHover: true, riseOffset: 2000 });
    entry.marker.on("click", () => this.onChoose(entry)).addTo(this.map);
    entry.element.addEventListener("pointerenter", () => this.onPoint(entry, true));
    entry.element.addEventListener("pointerleave", () => this.onPoint(entry, false));
    entry.element.addEventListener("focus", () => this.onPoint(entry, true));
    entry.element.addEventListener("blur", () => this.onPoint(entry, false));
    this.shown.set(entry.key, entry);
    return entry;
  }

  /** Tab goes through the markers in the order of the list: that is the order of the elements. */
  order() {
    const focused = document.activeElement;
    let next = null;
    for (const { element } of this.entries.toReversed()) {
      if (element.nextSibling !== next) this.pane.insertBefore(element, next);
      next = element;
    }
    if (focused !== document.activeElement && this.pane.contains(focused)) focused.focus({ preventScroll: true });
  }

  clear() {
    this.show([]);
  }

  /** Mark one entry (or none) with a class, and lift it above the others. */
  mark(entry, className) {
    for (const other of this.entries ?? []) {
      const on = other === entry;
      if (other.element.classList.toggle(className, on) || on) other.marker.setZIndexOffset(3000);
      else if (!other.element.matches(".is-on, .is-lit")) other.marker.setZIndexOffset(0);
    }
  }
}

/** What is said of the chosen marker: a small panel inside the map, a non-modal dialog. */
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
    title.textContent = `${counted(features.length, words)}${places.size === 1 ? ` : ${[...places][0]}` : " au même endroit"}`;
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
    this.element.scrollIntoView({ block: "nearest" }); // a marker may be chosen where the foot of the map is not in sight
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
