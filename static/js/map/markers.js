// What stands for an offer, or for several, on the map: real buttons, in the order of the list.
import { badge, icon } from "./board.js";

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
