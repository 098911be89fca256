// Suggests communes under every text field that has data-commune-source (see templates/components/commune_field.html).
// Choosing an option writes the name and dispatches `input`, `change` and `commune-chosen` (detail: the commune).
// A field that has data-anchor-source suggests places of every kind; choosing one writes what brings it back and sends its token.
import { element, enhanceAll, line } from "./combobox.js";

const carried = new WeakMap();

enhanceAll("input[data-commune-source]", (input) => ({
  source: input.dataset.communeSource,
  label: "Communes proposées",
  byTab: true,
  read: ({ communes }) => communes,
  option: (commune) => line(commune.name, `${commune.postal_codes.join(", ")} · ${commune.epci}`),
  told(count) {
    if (count === 0) return "Aucune commune trouvée.";
    return count === 1 ? "Une commune proposée." : `${count} communes proposées.`;
  },
  choose(field, commune) {
    field.value = commune.name;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.dispatchEvent(new CustomEvent("commune-chosen", { bubbles: true, detail: commune }));
  },
}));

enhanceAll("input[data-anchor-source]", (input) => {
  if (input.dataset.token && input.value === input.defaultValue) carry(input, input.dataset.token);
  delete input.dataset.token;
  return {
    source: input.dataset.anchorSource,
    label: "Lieux proposés",
    byTab: true,
    read: ({ places }) => places,
    option: (place) => line(place.name, place.detail),
    told(count) {
      if (count === 0) return "Aucun lieu trouvé.";
      return count === 1 ? "Un lieu proposé." : `${count} lieux proposés.`;
    },
    choose(field, place) {
      field.value = place.text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      carry(field, place.token);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
  };
});

// The token of what a field shows, in a hidden field that bears its name until another text is written (`carried`).
function carry(field, token) {
  const hidden = element("input", { type: "hidden", name: field.name, value: token });
  field.before(hidden);
  field.removeAttribute("name");
  carried.set(field, hidden);
}

document.addEventListener("input", ({ target }) => {
  const hidden = carried.get(target);
  if (!hidden) return;
  carried.delete(target);
  target.name = hidden.name;
  hidden.remove();
});
