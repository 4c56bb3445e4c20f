// Writes the number beside the stars. A classic script, as packages often ship them.
(function () {
  "use strict";

  function label(element) {
    var value = document.createElement("span");
    value.className = "ratings-value";
    value.textContent = Number(element.dataset.rating).toFixed(1);
    element.append(value);
  }

  document.querySelectorAll(".ratings").forEach(label);
})();
