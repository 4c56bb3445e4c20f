const KEY = "shop-basket";

export class Basket {
  constructor(storage) {
    this.storage = storage;
    this.lines = JSON.parse(storage.getItem(KEY) ?? "[]");
  }

  add(product) {
    const line = this.lines.find(({ slug }) => slug === product.slug);
    if (line) line.count += 1;
    else this.lines.push({ ...product, count: 1 });
    this.storage.setItem(KEY, JSON.stringify(this.lines));
  }

  get count() {
    return this.lines.reduce((sum, line) => sum + line.count, 0);
  }

  get total() {
    return this.lines.reduce((sum, line) => sum + line.count * line.price, 0);
  }
}
