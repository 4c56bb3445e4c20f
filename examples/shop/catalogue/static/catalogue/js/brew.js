import { grams } from "shop/lib/format.js";

function slider() {
  const input = document.createElement("input");
  Object.assign(input, { type: "range", min: 1, max: 8, value: 2, name: "cups" });
  return input;
}

export function addCups(panel) {
  const perCup = Number(panel.dataset.brew);
  const label = document.createElement("label");
  const input = slider();
  const result = document.createElement("output");
  const show = () => {
    const cups = Number(input.value);
    result.textContent = `${cups} ${cups === 1 ? "cup" : "cups"}: ${grams(cups * perCup)}`;
  };
  label.append("For", input, result);
  input.addEventListener("input", show);
  show();
  panel.append(label);
}
