function chip(text, kind, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.dataset.kind = kind;
  button.addEventListener("click", () => choose(kind));
  return button;
}

export function addFilter(place) {
  const cards = document.querySelectorAll("[data-kind].card");
  const choose = (kind) => {
    for (const card of cards) card.hidden = kind !== "" && card.dataset.kind !== kind;
    for (const button of place.children) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
  };
  const kinds = new Map([...cards].map((card) => [card.dataset.kind, card.dataset.kindName]));
  place.append(chip("All", "", choose), ...[...kinds].map(([kind, name]) => chip(name, kind, choose)));
  choose("");
}
