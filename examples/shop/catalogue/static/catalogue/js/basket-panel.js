import { money } from "shop/lib/format.js";

function row(line) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const price = document.createElement("span");
  name.textContent = `${line.count} × ${line.name}`;
  price.textContent = money(line.count * line.price);
  item.append(name, price);
  return item;
}

export function showBasket(basket) {
  document.querySelector("[data-basket-count]").textContent = basket.count;
  document.querySelector("[data-basket-lines]").replaceChildren(...basket.lines.map(row));
  document.querySelector("[data-basket-total]").textContent = money(basket.total);
}
