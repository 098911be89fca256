// Suggests pages of the portal under the search field (see templates/components/search_field.html); choosing one goes there.
import { enhanceAll, line } from "./combobox.js";

enhanceAll("input[data-search-source]", (input) => ({
  source: input.dataset.searchSource,
  label: "Pages proposées",
  byTab: false,
  read: ({ suggestions }) => suggestions,
  option: ({ title, kind, detail, is_demo }) => line(title, [kind, detail, is_demo ? "exemple" : ""].filter(Boolean).join(" · ")),
  told(count) {
    if (count === 0) return "Aucune page proposée\u00a0; Entrée lance la recherche.";
    return count === 1 ? "Une page proposée." : `${count} pages proposées.`;
  },
  choose(field, { title, url }) {
    field.value = title;
    location.assign(url);
  },
}));
