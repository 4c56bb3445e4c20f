import { Basket } from "shop/cart.js";
import { showBasket } from "shop/basket-panel.js";

const basket = new Basket(window.localStorage);

function wireBuyButtons() {
  for (const button of document.querySelectorAll("[data-buy]")) {
    button.addEventListener("click", () => {
      basket.add({ slug: button.dataset.buy, name: button.dataset.name, price: Number(button.dataset.price) });
      showBasket(basket);
    });
    button.hidden = false;
  }
}

// Each page loads only the part it has a place for.
async function enhance() {
  const filter = document.querySelector("[data-filter]");
  const brew = document.querySelector("[data-brew]");
  if (filter) (await import("shop/filter.js")).addFilter(filter);
  if (brew) (await import("shop/brew.js")).addCups(brew);
}

wireBuyButtons();
showBasket(basket);
enhance();
