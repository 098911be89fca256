// The editors of rich text name their buttons in English, outside any catalogue: they are named in French as they are drawn.
const WORDS = {
  "Paragraph": "Paragraphe", "paragraph": "paragraphe", "Heading 2": "Titre", "Heading 3": "Sous-titre", "heading 2": "titre", "heading 3": "sous-titre",
  "unordered list": "liste à puces", "ordered list": "liste numérotée", "List properties": "numérotation de la liste",
  "blockquote": "citation", "bold": "gras", "italic": "italique", "insert link": "mettre un lien", "remove link": "retirer le lien",
  "Insert table": "insérer un tableau", "Add column": "ajouter une colonne", "Delete column": "supprimer la colonne", "Add row": "ajouter une ligne",
  "Delete row": "supprimer la ligne", "Merge cells": "réunir les cellules", "Split cell": "séparer la cellule",
  "Toggle header cell": "cellule de titre", "Delete table": "supprimer le tableau", "undo": "annuler", "redo": "rétablir",
};

function translate(button) {
  const word = WORDS[button.title];
  if (word) {
    button.title = word;
    button.ariaLabel = word;
  }
  const option = button.matches(".prose-menubar__option") ? button.firstElementChild : null;
  if (option && WORDS[option.textContent]) option.textContent = WORDS[option.textContent];
}

new MutationObserver(() => {
  for (const button of document.querySelectorAll(".prose-menubar button")) translate(button);
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["title"] });
