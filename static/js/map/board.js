// The sheet on which every map is drawn: Leaflet through django-leaflet, our own background
// without tiles, zoom buttons, and the IGN tiles that a visitor may switch on.
//
// `L` is the global of leaflet.js, which may arrive after this module: use it in functions only.
const CHOICE = "fond-ign";
const FAR = 12; // above this zoom, rivers and relief (hints for the whole département) are taken away
const DETAIL = 15; // the background says nothing more beyond this zoom; tiles do
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Lines of a layer of the background, as written by reference/build_background.py. */
export function decode(layer) {
  let last = [0, 0];
  return layer.split(" ").map((word) => {
    const numbers = [];
    let value = 0;
    let shift = 0;
    for (const letter of word) {
      const bits = letter.charCodeAt(0) - 63;
      value |= (bits & 31) << shift;
      shift += 5;
      if (bits < 32) {
        numbers.push(value & 1 ? ~(value >> 1) : value >> 1);
        value = shift = 0;
      }
    }
    const line = [];
    for (let i = 0; i < numbers.length; i += 2) {
      last = [last[0] + numbers[i], last[1] + numbers[i + 1]];
      line.push([last[0] / 1e4, last[1] / 1e4]);
    }
    return line;
  });
}

/** Whether a point is inside closed outlines (even-odd rule). */
export function inside({ lat, lng }, outlines) {
  let within = false;
  for (const ring of outlines) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [[y1, x1], [y2, x2]] = [ring[i], ring[j]];
      if (y1 > lat !== y2 > lat && lng < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) within = !within;
    }
  }
  return within;
}

const NEAR = 7; // px between a point and its name
const CLEAR = [76, 72, 40, 40]; // px kept free above, right, below and left of what a map shows first
const AWAY = 24; // the same when a marker stands on the point

function around({ x, y }, half) {
  return { left: x - half, top: y - half, right: x + half, bottom: y + half };
}

/** The box of a text beside a point: on its right, left, below or above. */
function beside({ x, y }, size, side, gap) {
  const left = { r: x + gap, l: x - gap - size.x }[side] ?? x - size.x / 2;
  const top = { b: y + gap - 3, t: y - gap - size.y + 3 }[side] ?? y - size.y / 2;
  return { left, top, right: left + size.x, bottom: top + size.y };
}

/** Square pixels that two boxes share. */
function overlap(one, two) {
  const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
  const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
  return across > 0 && down > 0 ? across * down : 0;
}

export class Board {
  /** `holder`: the element of templates/components/map.html; `drawing`: the content of static/map/vaucluse.json. */
  constructor(holder, drawing) {
    this.holder = holder;
    this.sprite = holder.dataset.sprite;
    this.config = JSON.parse(holder.dataset.config);
    const canvas = holder.querySelector("[data-map-canvas]");
    canvas.replaceChildren();
    const { xmin, ymin, xmax, ymax } = this.config.SPATIAL_EXTENT;
    this.map = L.Map.djangoMap(canvas, {
      djoptions: {
        center: this.config.DEFAULT_CENTER,
        zoom: this.config.DEFAULT_ZOOM,
        minzoom: this.config.MIN_ZOOM,
        maxzoom: DETAIL,
        extent: [[ymin, xmin], [ymax, xmax]],
        layers: [],
        scale: this.config.SCALE,
        attributionprefix: this.config.ATTRIBUTION_PREFIX,
      },
      globals: !this.config.NO_GLOBALS,
      zoomControl: false,
      zoomSnap: 0.25,
      maxBoundsViscosity: 0.8,
      scrollWheelZoom: false,
      zoomAnimation: !calm.matches,
      fadeAnimation: !calm.matches,
      markerZoomAnimation: !calm.matches,
      inertia: !calm.matches,
      trackResize: false,
    });
    if (calm.matches) this.map.panBy = (offset, options) => L.Map.prototype.panBy.call(this.map, offset, { ...options, animate: false });
    this.quiet = 0;
    this.spots = [];
    this.draw(drawing);
    this.equip();
    this.watchSize(canvas);
  }

  pane(name, level) {
    const pane = this.map.createPane(name);
    pane.style.zIndex = level;
    return pane;
  }

  draw({ lines, names }) {
    const background = this.pane("background", 150);
    background.setAttribute("aria-hidden", "true");
    this.pane("areas", 420);
    const labels = this.pane("names", 450);
    labels.setAttribute("aria-hidden", "true");
    labels.classList.add("m-names");
    const common = { pane: "background", renderer: L.svg({ pane: "background", padding: 0.6 }), interactive: false, smoothFactor: 0.5 };
    const line = (name, className = `m-${name}`) => L.polyline(decode(lines[name]), { ...common, className });
    this.land = decode(lines.land);
    const area = (className) => L.polygon(this.land.map((ring) => [ring]), { ...common, className });
    this.home = L.latLngBounds(this.land.flat());
    this.hints = [line("relief"), line("water")];
    for (const layer of [line("neighbours", "m-out"), area("m-halo"), area("m-land"), line("communes"), ...this.hints, line("epci"), area("m-dep")]) {
      layer.addTo(this.map);
    }
    this.names = names.map(([kind, text, latitude, longitude, zoom, hint]) => ({
      zoom,
      side: Number.isFinite(hint) ? null : hint,
      large: kind === "t" || kind === "s",
      marker: this.name(kind, text, [latitude, longitude], hint),
    }));
    this.map.on("moveend", () => this.refresh());
    this.refresh();
    document.fonts?.ready.then(() => {
      for (const name of this.names) name.size = undefined;
      this.clear(this.spots);
    });
  }

  name(kind, text, point, hint) {
    const element = document.createElement("span");
    element.className = `m-name m-name--${kind}`;
    const words = document.createElement("span");
    words.textContent = text;
    if (Number.isFinite(hint)) words.style.rotate = `${hint}deg`;
    element.append(words);
    return L.marker(point, { icon: icon(element), pane: "names", interactive: false, keyboard: false });
  }

  /** Show what suits the zoom: names that have room, rivers and relief from afar. */
  refresh() {
    const zoom = this.map.getZoom();
    const view = this.map.getBounds().pad(0.1);
    for (const { zoom: first, marker } of this.names) {
      const seen = zoom >= first && view.contains(marker.getLatLng());
      if (seen !== this.map.hasLayer(marker)) seen ? marker.addTo(this.map) : marker.remove();
    }
    for (const layer of this.hints) zoom > FAR ? layer.remove() : this.map.hasLayer(layer) || layer.addTo(this.map);
    this.clear(this.spots);
  }

  /** Move the names out from under the markers that stand at these points, before the next picture. */
  clear(points) {
    this.spots = points;
    this.clearing ??= requestAnimationFrame(() => {
      this.clearing = null;
      this.arrange();
    });
  }

  /** Each name takes the side of its point where it covers least; small ones that cover something give way. */
  arrange() {
    const taken = this.spots.map((point) => around(this.map.latLngToLayerPoint(point), 20));
    const shown = this.names.filter(({ marker, side }) => side && this.map.hasLayer(marker));
    for (const name of shown) name.words ??= name.marker.getElement().firstChild;
    for (const name of shown) name.size ??= { x: name.words.offsetWidth, y: name.words.offsetHeight }; // all read before any is moved
    for (const { marker, side, large, words, size } of shown) {
      const at = this.map.latLngToLayerPoint(marker.getLatLng());
      const places = [side, ..."rlbt".replace(side, "")].flatMap((letter) => [[letter, NEAR], [letter, AWAY]]).sort((one, two) => one[1] - two[1]);
      const [letter, gap, box, covered] = places
        .map(([way, distance]) => [way, distance, beside(at, size, way, distance)])
        .map((place) => [...place, taken.reduce((sum, other) => sum + overlap(place[2], other), 0)])
        .reduce((best, place) => (place[3] < best[3] ? place : best));
      const gone = covered > 0 && !large;
      words.parentElement.classList.toggle("is-gone", gone);
      if (gone) continue;
      words.style.translate = { r: `${gap}px -50%`, l: `calc(-100% - ${gap}px) -50%`, b: `-50% ${gap - 3}px`, t: `-50% calc(-100% - ${gap - 3}px)` }[letter];
      taken.push(box);
    }
  }

  /** Zoom buttons, wheel only once the map is in use, IGN switch. */
  equip() {
    const { map, holder } = this;
    const tools = { in: () => map.zoomIn(), out: () => map.zoomOut(), home: () => this.frame(...(this.goal ?? [this.home])) };
    for (const button of holder.querySelectorAll("[data-map-tool]")) button.addEventListener("click", tools[button.dataset.mapTool]);
    for (const part of holder.querySelectorAll("[data-map-live]")) part.hidden = false;
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.on("blur mouseout", () => map.scrollWheelZoom.disable());
    this.ign = holder.querySelector("[data-map-ign]");
    if (!this.ign) return;
    this.ign.checked = remembered();
    this.ign.addEventListener("change", () => {
      remember(this.ign.checked);
      this.tiles(this.ign.checked);
    });
    if (this.ign.checked) this.tiles(true);
  }

  /** Lay IGN's tiles over the background or take them away; nothing is asked of IGN before. */
  tiles(on) {
    const { map, holder } = this;
    const [, address, options] = this.config.OVERLAYS[0];
    this.tile ??= L.tileLayer(address, options)
      .on("tileerror", () => this.tilesFail(true))
      .on("tileload", () => this.tilesFail(false));
    map.options.zoomSnap = on ? 1 : 0.25;
    map.setMaxZoom(on ? this.config.MAX_ZOOM : DETAIL);
    holder.classList.toggle("map--ign", on);
    if (on) {
      this.tile.addTo(map);
      this.quietly(() => map.setZoom(Math.round(map.getZoom()), { animate: false }));
    } else {
      this.tile.remove();
      this.tilesFail(false);
    }
  }

  /** Without an answer of IGN the background stays, with its names, and we say so. */
  tilesFail(failed) {
    this.holder.classList.toggle("map--ign", !failed && this.ign.checked);
    const notice = this.holder.querySelector("[data-map-ign-error]");
    if (notice) notice.hidden = !failed;
  }

  /** Move the map, without animation, and without counting it as a move of the visitor. */
  quietly(move) {
    this.quiet += 1;
    move();
    this.quiet -= 1;
  }

  /** Call back after each move that the visitor made: a drag, a zoom, arrow keys. */
  onVisitorMove(callback) {
    let last = 0;
    for (const type of ["pointerdown", "pointerup", "wheel", "keydown"]) {
      this.holder.addEventListener(type, () => { last = performance.now(); }, { capture: true, passive: true });
    }
    this.map.on("moveend", () => {
      if (!this.quiet && performance.now() - last < 1500) callback();
    });
  }

  /** Bring an area into view, whole and clear of what floats above; waits for a size if the map is hidden. */
  frame(bounds, { maxZoom = 12, clear = CLEAR } = {}) {
    this.goal = [bounds, { maxZoom, clear }];
    this.isWaiting = !this.map.getSize().x;
    if (this.isWaiting) return;
    const [top, right, bottom, left] = clear;
    const zoomFor = (area, x, y) => this.map.getBoundsZoom(area, false, L.point(x, y));
    const whole = this.home.contains(bounds) && zoomFor(bounds, left + right, top + bottom) <= zoomFor(this.home, 24, 24) + 0.25;
    const options = whole ? { padding: [12, 12] } : { maxZoom, paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] };
    this.quietly(() => this.map.fitBounds(whole ? this.home : bounds, { animate: false, ...options }));
  }

  watchSize(canvas) {
    new ResizeObserver(() => {
      this.quietly(() => this.map.invalidateSize({ pan: false, animate: false }));
      if (this.isWaiting) this.frame(...this.goal);
    }).observe(canvas);
  }
}

/** A Leaflet icon that is an element of ours, centred by the style sheet. */
export function icon(element) {
  element.classList.add("leaflet-marker-icon");
  return Object.assign(new L.Icon({}), { createIcon: () => element, createShadow: () => null });
}

/** The badge of a kind: shape, glyph and tone, as in templates/components. */
export function badge(sprite, { shape, glyph, tone }) {
  const element = document.createElement("span");
  element.className = `mk mk--${tone}`;
  element.setAttribute("aria-hidden", "true");
  for (const [className, symbol] of [["shape", `m-${shape}`], ["i", `k-${glyph}`]]) {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("class", className);
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${sprite}#${symbol}`);
    drawing.append(use);
    element.append(drawing);
  }
  return element;
}

function remembered() {
  try {
    return localStorage.getItem(CHOICE) === "oui";
  } catch {
    return false;
  }
}

function remember(on) {
  try {
    on ? localStorage.setItem(CHOICE, "oui") : localStorage.removeItem(CHOICE);
  } catch {
    // Storage is refused: the choice lasts as long as the page.
  }
}
