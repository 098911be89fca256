// Suggests communes, health facilities and training places under every text field that has data-anchor-source
// (see templates/components/anchor_field.html). Choosing one writes its name, which the server reads back.
import { enhanceAll, line } from "./combobox.js";

enhanceAll("input[data-anchor-source]", (input) => ({
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
    field.dispatchEvent(new Event("change", { bubbles: true }));
  },
}));
