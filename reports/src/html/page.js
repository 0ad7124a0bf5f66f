// Shows of the checks those that are asked for. Without it the page has everything, and the verdicts choose by style alone.
"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const checks = [...document.querySelectorAll("#checks .check")];
  const areas = [...document.querySelectorAll("#checks .area")];
  const { show, level, area } = form.elements;

  const choose = () => {
    let shown = 0;
    for (const check of checks) {
      const wanted = (!show.value || check.dataset.verdict === show.value)
        && (!level.value || check.dataset.level === level.value)
        && (!area.value || check.dataset.area === area.value);
      check.hidden = !wanted;
      shown += wanted;
    }
    for (const part of areas) part.hidden = !part.querySelector(".check:not([hidden])");
    const told = shown === checks.length ? "" : `${shown} of ${checks.length} checks are shown`;
    document.getElementById("shown").textContent = told;
  };

  // Whoever follows a link to a check wants to see it, whatever was chosen before.
  const follow = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const check = place && place.closest(".check");
    if (!check) return;
    if (check.hidden) {
      form.reset();
      choose();
    }
    check.open = true;
    place.scrollIntoView();
  };

  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  form.addEventListener("change", choose);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    form.reset();
    choose();
  });
  addEventListener("hashchange", follow);
  // Going back, browsers keep what was chosen.
  choose();
  follow();
})();
