(() => {
  var __defProp = Object.defineProperty;
  var __getOwnPropNames = Object.getOwnPropertyNames;
  var __esm = (fn, res, err) => function __init() {
    if (err) throw err[0];
    try {
      return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
    } catch (e) {
      throw err = [e], e;
    }
  };
  var __commonJS = (cb, mod) => function __require() {
    try {
      return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
    } catch (e) {
      throw mod = 0, e;
    }
  };
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };

  // src/style.css
  var init_style = __esm({
    "src/style.css"() {
    }
  });

  // src/logo.svg
  var logo_default;
  var init_logo = __esm({
    "src/logo.svg"() {
      logo_default = "./logo-PFE434Y2.svg";
    }
  });

  // src/lazy.js
  var lazy_exports = {};
  __export(lazy_exports, {
    hello: () => hello
  });
  var hello;
  var init_lazy = __esm({
    "src/lazy.js"() {
      hello = () => console.log("lazy");
    }
  });

  // src/main.js
  var require_main = __commonJS({
    "src/main.js"() {
      init_style();
      init_logo();
      document.title = logo_default;
      Promise.resolve().then(() => (init_lazy(), lazy_exports)).then((m) => m.hello());
    }
  });
  require_main();
})();
