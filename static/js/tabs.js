// Tabs from a row of links and the panels they lead to ([data-tabs]): the pattern of the ARIA Authoring Practices.
// Without this module the links are plain ones and every panel shows.
for (const root of document.querySelectorAll("[data-tabs]")) {
  const list = root.querySelector("nav");
  const tabs = [...list.querySelectorAll("a")];
  const panels = tabs.map((tab) => document.getElementById(tab.hash.slice(1)));

  function show(chosen) {
    for (const [rank, tab] of tabs.entries()) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      panels[rank].hidden = tab !== chosen;
    }
  }

  list.setAttribute("role", "tablist");
  for (const [rank, tab] of tabs.entries()) {
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panels[rank].id);
    const content = document.createElement("div"); // a form keeps its own role inside the panel
    content.setAttribute("role", "tabpanel");
    content.setAttribute("aria-labelledby", tab.id);
    panels[rank].before(content);
    content.append(panels[rank]);
    tab.addEventListener("click", (event) => { event.preventDefault(); show(tab); });
    tab.addEventListener("keydown", (event) => {
      const last = tabs.length - 1;
      const next = { ArrowRight: rank === last ? 0 : rank + 1, ArrowLeft: rank === 0 ? last : rank - 1, Home: 0, End: last }[event.key];
      if (event.key === " ") { event.preventDefault(); show(tab); }
      if (next === undefined) return;
      event.preventDefault();
      show(tabs[next]);
      tabs[next].focus();
    });
  }
  show(tabs.find((tab) => tab.hash === location.hash) ?? tabs[0]);
  root.toggleAttribute("data-ready", true);
}
