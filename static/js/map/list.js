// The map beside a list: the same offers, from the same address parameters, in the same order.
import { Board } from "./board.js";
import { Markers, Panel, counted, group, grouped, projected, single } from "./markers.js";

const MOVE_DELAY = 250; // ms of rest before the offers of a new window are asked for

export function start(holder, drawing) {
  return new ListMap(holder, drawing);
}

class ListMap {
  constructor(holder, drawing) {
    this.holder = holder;
    this.words = { one: holder.dataset.one, many: holder.dataset.many };
    this.board = new Board(holder, drawing);
    this.map = this.board.map;
    this.rings = L.layerGroup().addTo(this.map);
    this.markers = new Markers(this.map, {
      build: (entry) => this.build(entry),
      onChoose: (entry) => this.choose(entry),
      onPoint: (entry, on) => this.point(entry, on),
    });
    this.panel = new Panel(holder, this.board.sprite, {
      onClose: (focus) => this.unchoose(focus),
      onLeave: (step) => this.leave(step),
    });
    this.features = [];
    this.listen();
    this.load(document.getElementById("resultats")?.dataset.mapSource ?? holder.dataset.source);
  }

  listen() {
    const { map, holder } = this;
    const lives = new AbortController();
    const on = (target, type, listener) => target.addEventListener(type, (event) => {
      if (holder.isConnected) listener(event);
      else {
        lives.abort();
        map.remove();
      }
    }, { signal: lives.signal });
    map.on("moveend", () => this.moved());
    map.on("click", () => this.panel.close());
    this.board.onVisitorMove(() => this.visitorMoved());
    this.searchButton = holder.querySelector("[data-map-search]");
    this.searchButton.addEventListener("click", () => this.search(map.getBounds()));
    on(document, "htmx:afterSwap", () => this.follow());
    for (const [type, lit] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
      on(document, type, ({ target }) => {
        const card = target.closest?.("[data-offer]");
        if (card) this.light(lit ? Number(card.dataset.offer) : null);
      });
    }
    holder.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.panel.close({ focus: true });
    });
  }

  /** After the results changed: the offers of the new address, unless only their order on pages did. */
  follow() {
    const source = document.getElementById("resultats")?.dataset.mapSource;
    if (source === undefined || source === this.source) return this.mark();
    const zone = document.querySelector('#filtres [name="zone"]');
    if (zone && !parameters(source).get("zone")) zone.value = "";
    return this.load(source);
  }

  /** Fetch the offers of an address and show them; a later call replaces one under way. */
  async load(source, { fit = true } = {}) {
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    const before = this.source;
    const keepView = this.keepView || !fit;
    this.source = source;
    this.keepView = false;
    const error = this.holder.querySelector("[data-map-error]");
    const { pane } = this.markers;
    this.holder.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(this.grouped && !fit ? this.withWindow(source) : source, { signal });
      if (!response.ok) throw new Error(response.status);
      const data = await response.json();
      error.hidden = true;
      const held = pane.contains(document.activeElement);
      this.take(data, fit);
      if (!keepView && !sameOffers(before, source)) this.fit(data);
      this.render();
      if (held) pane.firstChild?.focus({ preventScroll: true });
      this.count(false);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      this.take({ features: [] }, true); // nothing rather than offers that the list no longer shows
      this.source = null;
      error.hidden = false;
      error.querySelector("button").onclick = () => this.load(source, { fit });
    } finally {
      if (!signal.aborted) this.holder.removeAttribute("aria-busy");
    }
  }

  /** The server groups what is too much for a phone; it is then asked again for each window. */
  withWindow(source) {
    const address = new URL(source, document.baseURI);
    address.searchParams.set("vue", boundsText(this.map.getBounds()));
    return address;
  }

  /** `whole`: the answer is about the whole search, not about one window of a grouped one. */
  take(data, whole) {
    this.features = data.features;
    this.kinds = data.kinds ?? {};
    if (whole) this.total = data.total ?? data.features.length;
    this.grouped = data.grouped === true;
    this.circle = data.circle;
    this.byId = null;
    this.chosen = this.pointed = null;
    if (whole) this.panel.close();
    this.markers.clear();
    this.rings.clearLayers();
    this.areGroups = this.features[0]?.properties.n !== undefined;
    this.points = projected(this.features);
    this.byZoom = new Map();
    const shown = new Set(this.features.map(({ properties }) => properties.k));
    for (const item of this.holder.parentElement.querySelectorAll(".legend [data-kind]")) item.hidden = !this.areGroups && !shown.has(item.dataset.kind);
  }

  /** The area asked for if there is one (zone, circle), else the offers. */
  fit({ circle }) {
    const zone = parameters(this.source).get("zone")?.split(",").map(Number);
    if (zone?.length === 4 && zone.every(Number.isFinite)) {
      const [west, south, east, north] = zone;
      this.board.frame(L.latLngBounds([south, west], [north, east]), { maxZoom: 17, clear: [0, 0, 0, 0] });
    } else if (circle) {
      this.board.frame(L.latLng(latlng(circle.center)).toBounds(circle.km * 2000), { clear: [12, 12, 12, 12] });
    } else {
      const corners = this.areGroups
        ? this.features.flatMap(({ properties: { b: [w, s, e, n] } }) => [[s, w], [n, e]])
        : this.features.map(({ geometry }) => latlng(geometry.coordinates));
      this.board.frame(corners.length ? L.latLngBounds(corners) : this.board.home);
    }
  }

  /** Markers and groups of the window, in list order. */
  render() {
    const bounds = this.map.getBounds().pad(0.06);
    const entries = this.clusters(bounds);
    entries.sort((a, b) => a.first - b.first);
    this.markers.show(entries);
    this.board.clear(entries.map((entry) => entry.latlng));
    if (this.focusFirst !== undefined) {
      this.markers.entries.find(({ first }) => first === this.focusFirst)?.element.focus({ preventScroll: true });
      this.focusFirst = undefined;
    }
    this.mark();
  }

  clusters(bounds) {
    const zoom = Math.round(this.map.getZoom());
    if (!this.byZoom.has(zoom)) this.byZoom.set(zoom, grouped(this.points, zoom).map((ranks) => this.cluster(ranks, zoom)));
    return this.byZoom.get(zoom).filter((entry) => bounds.contains(entry.latlng));
  }

  /** The entry of one offer, or of several: those stand at the place of the first, so that groups never cover each other. */
  cluster(ranks, zoom) {
    const [first] = ranks;
    const feature = this.features[first];
    const at = { first, latlng: latlng(feature.geometry.coordinates) };
    if (this.areGroups) return { ...at, key: `g${zoom}-${first}`, ...this.joined(ranks) };
    return ranks.length === 1 ? { ...at, key: `p${first}`, feature } : { ...at, key: `c${zoom}-${first}`, ranks, count: ranks.length };
  }

  /** Groups of the server that stand too near each other make one: how many offers, between which bounds. */
  joined(ranks) {
    const groups = ranks.map((rank) => this.features[rank].properties);
    return {
      count: groups.reduce((sum, { n }) => sum + n, 0),
      box: groups.map(({ b }) => b).reduce(([w, s, e, n], [w2, s2, e2, n2]) => [Math.min(w, w2), Math.min(s, s2), Math.max(e, e2), Math.max(n, n2)]),
    };
  }

  build(entry) {
    if (entry.feature) return single(entry.feature.properties, this.kinds[entry.feature.properties.k], this.board.sprite);
    const near = entry.box ? "" : ` : ${this.features[entry.first].properties.p} et alentour`;
    return group(entry.count, `${counted(entry.count, this.words)}${near}`);
  }

  /** Offers of an entry, all of them. */
  members(entry) {
    if (entry.feature) return [entry.feature];
    if (entry.box) return [];
    return entry.ranks.map((rank) => this.features[rank]);
  }

  /** Open what a marker stands for; a group opens by zooming in, or as a list when it cannot come apart. */
  choose(entry) {
    if (!entry.feature && this.comesApart(entry)) return;
    this.chosen = entry;
    if (entry.feature) this.panel.offer(entry.feature, this.kinds[entry.feature.properties.k]).then(() => this.chosen === entry && this.reveal(entry));
    else this.panel.offers(this.members(entry), this.kinds, this.words);
    this.reveal(entry);
    this.mark();
  }

  /** Zoom into a group; false when its offers stay together at the deepest zoom. */
  comesApart(entry) {
    this.focusFirst = document.activeElement === entry.element ? entry.first : undefined;
    if (entry.box) {
      this.zoomToGroup(entry);
      return true;
    }
    const deepest = this.map.getMaxZoom();
    if (grouped(entry.ranks.map((rank) => this.points[rank]), deepest).length === 1) {
      this.focusFirst = undefined;
      return false;
    }
    const bounds = L.latLngBounds(this.members(entry).map(({ geometry }) => latlng(geometry.coordinates)));
    const zoom = Math.max(this.map.getBoundsZoom(bounds, false, L.point(120, 120)), this.map.getZoom() + 1);
    this.map.setView(bounds.getCenter(), Math.min(zoom, deepest));
    return true;
  }

  zoomToGroup({ box: [west, south, east, north] }) {
    const bounds = L.latLngBounds([south, west], [north, east]);
    if (this.map.getZoom() < this.map.getMaxZoom() && bounds.getNorthEast().distanceTo(bounds.getSouthWest()) > 200) this.map.fitBounds(bounds);
    else this.search(bounds.pad(0.2));
  }

  /** Keep a marker out from under the panel; the view comes back when the panel closes. */
  reveal({ latlng: point }) {
    const under = this.panel.isOpen && this.map.getSize().x < 640 ? this.panel.element.offsetHeight + 44 : 0;
    if (under) this.before ??= this.map.getCenter();
    this.board.quietly(() => this.map.panInside(point, { paddingTopLeft: [30, 60], paddingBottomRight: [30, Math.max(40, under)], animate: false }));
  }

  comeBack() {
    const { before } = this;
    this.before = null;
    if (before) this.board.quietly(() => this.map.setView(before, this.map.getZoom(), { animate: false }));
  }

  unchoose(focus) {
    const { chosen } = this;
    this.chosen = null;
    this.comeBack();
    this.mark();
    if (focus && chosen) this.entryOf(chosen)?.element.focus({ preventScroll: true });
  }

  /** Tab out of the panel: on to the next marker of the list, or back to its own. */
  leave(step) {
    const { chosen } = this;
    this.unchoose(false);
    const at = this.markers.entries.indexOf(this.entryOf(chosen));
    const next = this.markers.entries[at + step]?.element ?? this.holder.parentElement.querySelector("[data-map-end]");
    next.focus({ preventScroll: true });
  }

  /** The marker on screen of an offer, or of the first offer of an entry that is no longer there. */
  entryOf(entry) {
    const { entries } = this.markers;
    return entries.find(({ key }) => key === entry.key) ?? entries.find((other) => this.members(other).some((feature) => feature === this.features[entry.first]));
  }

  /** A marker under the pointer or the focus lights the cards of its offers. */
  point(entry, on) {
    this.pointed = on ? entry : null;
    if (on && entry.element === document.activeElement) this.reveal(entry);
    this.mark();
  }

  /** A card under the pointer or the focus lights its marker. */
  light(id) {
    if (id === this.lit) return;
    this.lit = id;
    this.mark();
  }

  /** Put the marks of what is chosen, pointed at or lit on markers, cards and areas. */
  mark() {
    const lit = this.lit === null || this.lit === undefined ? undefined : this.feature(this.lit);
    const litEntry = lit ? this.entryOf({ key: `p${this.features.indexOf(lit)}`, first: this.features.indexOf(lit) }) : undefined;
    const chosenEntry = this.chosen && this.panel.isOpen ? this.entryOf(this.chosen) : undefined;
    this.markers.mark(litEntry, "is-lit");
    this.markers.mark(chosenEntry, "is-on");
    const marked = new Set([this.pointed, this.panel.isOpen && this.chosen].filter(Boolean).flatMap((entry) => this.members(entry)));
    const ids = new Set([...marked].map(({ id }) => String(id)));
    for (const card of document.querySelectorAll("[data-offer]")) card.querySelector(".fiche")?.classList.toggle("fiche--on", ids.has(card.dataset.offer));
    this.areas([lit, this.chosen?.feature, this.pointed?.feature]);
  }

  feature(id) {
    this.byId ??= new Map(this.features.map((feature) => [feature.id, feature]));
    return this.byId.get(id);
  }

  /** Areas of approximate offers that are larger than their marker, those in `always` whatever their size, and the circle of the search. */
  areas(always) {
    this.rings.clearLayers();
    if (this.circle) this.ring(this.circle.center, this.circle.km, "m-radius");
    const kmPerPixel = (40075 * Math.cos(0.768)) / (256 * 2 ** this.map.getZoom());
    const shown = new Set(this.markers.entries?.map(({ feature }) => feature).filter((feature) => feature?.properties.r / kmPerPixel > 22));
    for (const feature of always) if (feature?.properties?.r) shown.add(feature);
    for (const { geometry, properties } of shown) this.ring(geometry.coordinates, properties.r, "m-ring");
  }

  ring(center, km, className) {
    L.circle(latlng(center), { radius: km * 1000, className, pane: "areas", interactive: false }).addTo(this.rings);
  }

  moved() {
    if (!this.byZoom) return;
    if (this.grouped && !this.board.quiet) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.load(this.source, { fit: false }), MOVE_DELAY);
    }
    this.render();
  }

  visitorMoved() {
    this.before = null;
    if (document.getElementById("filtres") && !this.keepView) this.searchButton.hidden = false;
    this.count(true);
  }

  /** How many offers the window shows; read aloud only after a move of the visitor. */
  count(aloud) {
    const bounds = this.map.getBounds();
    const seen = this.features.reduce((sum, { geometry, properties }) => sum + (bounds.contains(latlng(geometry.coordinates)) ? properties.n ?? 1 : 0), 0);
    const element = this.holder.parentElement.querySelector("[data-map-count]");
    if (!element) return;
    element.ariaLive = aloud ? "polite" : "off";
    element.textContent = seen < this.total || aloud ? `${counted(seen, this.words)} dans cette vue, sur ${this.total.toLocaleString("fr-FR")}.` : "";
  }

  /** Ask the list for the offers of an area; the answer leaves the view where it is. */
  search(bounds) {
    const form = document.getElementById("filtres");
    if (!form) return;
    let input = form.querySelector('[name="zone"]');
    if (!input) {
      input = Object.assign(document.createElement("input"), { type: "hidden", name: "zone" });
      form.append(input);
    }
    input.value = boundsText(bounds);
    const commune = form.querySelector('[name="commune"]');
    if (commune) commune.value = ""; // the area takes the place of the circle, or nothing outside it could be found
    this.keepView = true;
    this.searchButton.hidden = true;
    form.requestSubmit();
  }
}

function latlng([longitude, latitude]) {
  return [latitude, longitude];
}

function boundsText(bounds) {
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((degrees) => degrees.toFixed(4)).join(",");
}

function parameters(source) {
  return new URL(source, document.baseURI).searchParams;
}

/** Whether two addresses differ by their order alone. */
function sameOffers(before, after) {
  if (!before) return false;
  const [one, two] = [parameters(before), parameters(after)];
  for (const each of [one, two]) {
    each.delete("tri");
    each.sort();
  }
  return one.toString() === two.toString();
}
