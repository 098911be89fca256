// The map that fills the two number inputs of a point (core/widgets.py): a click, a drag, arrow
// keys on the point, the town hall of the commune chosen in the form. The inputs stay the truth.
import { Board, icon, inside } from "../map/board.js";

const STEP = 4; // px by arrow key; five times as much with Shift
const CLOSE_UP = 13;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function start(holder, drawing) {
  return new PointPicker(holder, drawing);
}

class PointPicker {
  constructor(holder, drawing) {
    const picker = holder.closest("[data-point]");
    const { elements } = holder.closest("form");
    this.latitude = elements[holder.dataset.latitudeName];
    this.longitude = elements[holder.dataset.longitudeName];
    this.commune = elements[holder.dataset.communeName];
    this.status = picker.querySelector("[data-point-status]");
    this.longitude.closest(".form-row")?.append(picker); // in the admin: below both inputs, at full width
    this.board = new Board(holder, drawing);
    this.map = this.board.map;
    this.marker = this.pin();
    this.listen(picker);
    this.read();
    this.look();
  }

  pin() {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "mkb mkb--pin";
    element.setAttribute("aria-label", "Le point : flèches pour le déplacer, avec Majuscule pour aller plus loin");
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("class", "i");
    drawing.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${this.board.sprite}#pin`);
    drawing.append(use);
    element.append(drawing);
    element.addEventListener("keydown", (event) => this.nudge(event));
    const marker = L.marker(this.map.getCenter(), { icon: icon(element), draggable: true, keyboard: false, autoPan: true });
    return marker.on("dragend", () => this.write(marker.getLatLng()));
  }

  listen(picker) {
    const acts = { hall: () => this.placeAtTownHall(), centre: () => this.write(this.map.getCenter()), clear: () => this.clear() };
    for (const button of picker.querySelectorAll("[data-point-act]")) button.addEventListener("click", acts[button.dataset.pointAct]);
    this.map.on("click", ({ latlng }) => this.write(latlng));
    for (const input of [this.latitude, this.longitude]) input.addEventListener("input", () => this.read());
    this.commune?.addEventListener("change", async () => {
      const hall = this.point ? null : await this.townHall();
      if (hall && !this.point) this.board.quietly(() => this.map.setView([hall.latitude, hall.longitude], CLOSE_UP, { animate: false }));
    });
  }

  /** The point that the inputs hold, or undefined while they hold none. */
  get point() {
    const [latitude, longitude] = [this.latitude, this.longitude].map(({ value }) => (value.trim() === "" ? NaN : Number(value.replace(",", "."))));
    return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? L.latLng(latitude, longitude) : undefined;
  }

  /** Draw what the inputs say. */
  read() {
    const { point } = this;
    if (point) this.marker.setLatLng(point).addTo(this.map);
    else this.marker.remove();
    this.board.clear(point ? [point] : []);
    const outside = point && !inside(point, this.board.land);
    this.say(outside ? "Ce point est hors du Vaucluse : vérifiez-le." : point ? "Le point est dans le Vaucluse." : "Aucun point : cliquez sur la carte.", outside);
    return point;
  }

  /** Put a point into the inputs, as precise as a building (about a metre). */
  write({ lat, lng }) {
    this.latitude.value = lat.toFixed(5);
    this.longitude.value = lng.toFixed(5);
    this.announce();
  }

  clear() {
    this.latitude.value = this.longitude.value = "";
    this.announce();
  }

  announce() {
    for (const input of [this.latitude, this.longitude]) {
      for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
    }
  }

  /** Bring the point into view, else the commune, else the whole département. */
  async look() {
    const { point } = this;
    const hall = point ? null : await this.townHall();
    if (!point && this.point) return; // placed while the answer was on its way
    const at = point ?? (hall && L.latLng(hall.latitude, hall.longitude));
    if (at) this.board.frame(at.toBounds(1500), { maxZoom: CLOSE_UP, clear: [0, 0, 0, 0] });
    else this.board.frame(this.board.home);
  }

  nudge(event) {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? STEP * 5 : STEP;
    const at = this.map.latLngToContainerPoint(this.marker.getLatLng()).add([way[0] * step, way[1] * step]);
    this.write(this.map.containerPointToLatLng(at));
    this.board.quietly(() => this.map.panInside(this.marker.getLatLng(), { padding: [40, 50], animate: false }));
  }

  async placeAtTownHall() {
    if (!this.commune?.value.trim()) {
      this.say("Choisissez d’abord la commune.", true);
      return;
    }
    const hall = await this.townHall();
    if (!hall) {
      this.say("Cette commune n’a pas été trouvée : écrivez son nom en entier.", true);
      return;
    }
    this.write({ lat: hall.latitude, lng: hall.longitude });
    this.board.quietly(() => this.map.setView([hall.latitude, hall.longitude], CLOSE_UP, { animate: false }));
    this.say(`Point placé à la mairie : ${hall.name}.`);
  }

  /** The commune that the form holds, as territories:commune_search tells it, if its text names one. */
  async townHall() {
    const text = this.commune?.value.trim();
    if (!text) return null;
    const address = new URL(this.commune.dataset.communeSource, document.baseURI);
    address.searchParams.set("q", text);
    try {
      const { communes } = await (await fetch(address)).json();
      const same = (name) => name.localeCompare(text, "fr", { sensitivity: "base", ignorePunctuation: true }) === 0;
      return communes.find(({ name }) => same(name)) ?? (communes.length === 1 ? communes[0] : null);
    } catch {
      return null;
    }
  }

  say(text, wrong = false) {
    this.status.textContent = text;
    this.status.classList.toggle("is-wrong", Boolean(wrong));
  }
}
