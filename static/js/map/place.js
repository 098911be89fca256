// The map of one place: its marker, the area when the place is approximate, what is around.
import { Board, badge, icon } from "./board.js";

export function start(holder, drawing) {
  const board = new Board(holder, drawing);
  const { latitude, longitude, radius, name, ...kind } = holder.dataset;
  const point = L.latLng(Number(latitude), Number(longitude));
  const km = Number(radius) || 0;
  const element = document.createElement("span");
  element.className = "mkb mkb--one is-on";
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", name);
  element.append(badge(board.sprite, kind));
  L.marker(point, { icon: icon(element), interactive: false, keyboard: false }).addTo(board.map);
  if (km) L.circle(point, { radius: km * 1000, className: "m-ring", pane: "areas", interactive: false }).addTo(board.map);
  board.frame(point.toBounds(Math.max(km * 2.3, 14) * 1000), { maxZoom: 13, clear: [0, 0, 0, 0] });
  board.map.on("moveend", () => board.clear([point]));
  board.clear([point]);
}
