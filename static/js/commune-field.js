// Suggests communes under every text field that has data-commune-source (see templates/components/commune_field.html).
// Choosing an option writes the name and dispatches `input`, `change` and `commune-chosen` (detail: the commune).
import { enhanceAll, line } from "./combobox.js";

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
