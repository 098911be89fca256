// Starts each map of the page when it comes into view; Leaflet and the rest are fetched only then.
//
// A map is an element `[data-map="list"]` or "place" (templates/components/map.html) or "point"
// (core/widgets.py). Everything it needs is in its data attributes: addresses of files,
// configuration of django-leaflet, words.
const modules = { list: () => import("./list.js"), place: () => import("./place.js"), point: () => import("../admin/point.js") };
const started = new WeakSet();
const loaded = new Map();

/** Load a classic script once; scripts asked for together run in the order they were asked for. */
function script(address) {
  if (!loaded.has(address)) {
    loaded.set(address, new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement("script"), { src: address, async: false });
      element.addEventListener("load", resolve);
      element.addEventListener("error", () => {
        loaded.delete(address);
        element.remove();
        reject(new Error(address));
      });
      document.head.append(element);
    }));
  }
  return loaded.get(address);
}

async function background(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(address);
  return response.json();
}

async function open(holder) {
  const { map: kind, scripts, background: drawing } = holder.dataset;
  const error = holder.querySelector("[data-map-error]");
  error.hidden = true;
  try {
    const [module, drawn] = await Promise.all([
      modules[kind](),
      background(drawing),
      ...scripts.split(" ").map(script),
    ]);
    module.start(holder, drawn);
    holder.dataset.state = "ready";
  } catch {
    error.hidden = false;
    error.querySelector("button").addEventListener("click", () => open(holder), { once: true });
  }
}

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    open(target);
  }
}, { rootMargin: "200px" });

function startAll() {
  for (const holder of document.querySelectorAll("[data-map]")) {
    if (started.has(holder)) continue;
    started.add(holder);
    watcher.observe(holder);
  }
}

startAll();
// A page brought back by htmx's history holds a new element, without its map.
document.addEventListener("htmx:historyRestore", startAll);
document.addEventListener("htmx:afterSwap", startAll);
