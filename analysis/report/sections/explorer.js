// The threshold explorer: reads the counts that the report put beside it, and shows what both
// models do at one threshold and one cost ratio. Without this script nothing of it is on the page.
(function () {
  "use strict";
  const place = document.querySelector(".explorer");
  const given = JSON.parse(place.querySelector("script[type='application/json']").textContent);
  const state = { threshold: given.published, cost: given.cost };

  function make(name, attributes, ...children) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  }

  // The counts at a threshold: those of the last counted threshold that is not above it.
  function position(threshold) {
    return Math.max(given.thresholds.findLastIndex((at) => threshold >= at), 0);
  }

  // A share of nothing is undefined.
  function ratioOf(part, whole) { return whole === 0 ? null : part / whole; }

  function figures(model, at, cost) {
    const tn = model.tn[at], tp = model.tp[at];
    const fp = model.healthy - tn, fn = model.highRisk - tp;
    const recall = ratioOf(tp, tp + fn), specificity = ratioOf(tn, tn + fp);
    return {
      tn, fp, fn, tp, recall,
      precision: ratioOf(tp, tp + fp),
      balanced: recall === null || specificity === null ? null : (recall + specificity) / 2,
      total: fp + cost * fn,
      cost: (fp + cost * fn) / (tn + fp + fn + tp),
    };
  }

  // The cheapest counted threshold, the highest among equals, as the report's tables have it.
  function cheapest(model) {
    const costs = given.thresholds.map((_, at) => figures(model, at, state.cost).cost);
    return given.thresholds[costs.lastIndexOf(Math.min(...costs))];
  }

  const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
  const count = (value) => value.toLocaleString("en-US");
  const share = (value) => (value === null ? "\u2013" : value.toFixed(3));
  const money = (value) => value.toFixed(4);
  const sum = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 1 });
  const exact = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 20 });
  const LEAST = 0.001, MOST = 1000000;
  const ROWS = [
    ["tn", capital(given.words.healthy) + " loans kept", count],
    ["fp", "Needless reviews", count],
    ["fn", capital(given.words.highRisk) + " loans missed", count],
    ["tp", capital(given.words.highRisk) + " loans found", count],
    ["precision", "Precision, " + given.words.highRisk, share],
    ["recall", "Recall, " + given.words.highRisk, share],
    ["balanced", "Balanced accuracy", share],
    ["total", "Cost, in needless reviews", sum],
    ["cost", "Expected cost of a loan", money],
  ];

  function shown(threshold) {
    if (threshold > 0 && 0.001 > threshold) return threshold.toPrecision(2);
    return threshold.toFixed(4).replace(/0{1,2}$/, "");
  }

  const slider = make("input", {
    type: "range", id: "explorer-threshold", min: 0, max: 1, step: 0.01,
  });
  // An output is announced when it changes; the slider says its value already.
  const reading = make("output", {
    for: "explorer-threshold", id: "explorer-reading", "aria-live": "off",
  });
  const ratio = make("input", {
    type: "number", id: "explorer-cost", min: LEAST, max: MOST, step: "any", inputmode: "decimal",
    "aria-describedby": "explorer-fault",
  });
  const fault = make("p", { class: "explorer-fault", id: "explorer-fault", role: "alert" });
  const spoken = make("p", { role: "status", "aria-live": "polite", id: "explorer-summary" });
  const cells = {};

  function button(text, act) {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", act);
    return made;
  }

  function table() {
    const head = make("tr", {}, make("th", { scope: "col" }, "On the test loans"));
    given.models.forEach((model) => {
      head.append(make("th", { scope: "col", class: "gt_right" }, model.title));
    });
    const body = make("tbody", {});
    ROWS.forEach(([key, title]) => {
      cells[key] = given.models.map(() => make("td", { class: "gt_right", "data-row": key }));
      body.append(make("tr", {}, make("th", { scope: "row" }, title), ...cells[key]));
    });
    return make("table", {}, make("thead", {}, head), body);
  }

  function sentence(model, found) {
    return model.title + " model: " + count(found.fn) + " of " + count(model.highRisk) +
      " " + given.words.highRisk + " loans missed, " + count(found.fp) + " of " + count(model.healthy) +
      " needless reviews, cost " + sum(found.total) + ".";
  }

  let waiting;
  function draw() {
    const at = position(state.threshold);
    const found = given.models.map((model) => figures(model, at, state.cost));
    ROWS.forEach(([key, , write]) => {
      cells[key].forEach((cell, column) => { cell.textContent = write(found[column][key]); });
    });
    reading.textContent = shown(state.threshold);
    slider.value = state.threshold;
    slider.setAttribute("aria-valuetext", shown(state.threshold));
    const text = "Threshold " + shown(state.threshold) + ", cost ratio " + exact(state.cost) + ". " +
      given.models.map((model, column) => sentence(model, found[column])).join(" ");
    clearTimeout(waiting);
    // A screen reader hears where the slider came to rest, not every step on its way.
    waiting = setTimeout(() => { spoken.textContent = text; }, 250);
  }

  function move(threshold) {
    state.threshold = given.thresholds[position(threshold)];
    draw();
    history.replaceState(null, "", "#threshold=" + state.threshold + "&cost=" + state.cost);
  }

  // Say what is wrong with the cost ratio that was entered, and what the figures rest on instead.
  function judge(right) {
    ratio.setAttribute("aria-invalid", String(!right));
    fault.textContent = right ? "" : "Enter a number from " + exact(LEAST) + " to " + exact(MOST) +
      ". The figures below are for " + exact(state.cost) + ".";
  }

  // Return whether the address holds a state; what is out of range or no number is left alone.
  function follow() {
    const found = new URLSearchParams(location.hash.slice(1));
    const cost = parseFloat(found.get("cost")), threshold = parseFloat(found.get("threshold"));
    if (cost >= LEAST && MOST >= cost) state.cost = cost;
    if (threshold >= 0 && 1 >= threshold) state.threshold = given.thresholds[position(threshold)];
    ratio.value = state.cost;
    judge(true);
    draw();
    return found.has("threshold");
  }

  slider.addEventListener("input", () => move(slider.valueAsNumber));
  ratio.addEventListener("input", () => {
    const right = ratio.validity.valid && ratio.valueAsNumber > 0;
    judge(right);
    if (!right) return;
    state.cost = ratio.valueAsNumber;
    move(state.threshold);
  });
  addEventListener("hashchange", follow);

  place.append(
    make("h4", { class: "explorer-title" }, "Threshold explorer"),
    make("div", { class: "explorer-fields" },
      make("div", {}, make("label", { for: "explorer-threshold" }, "Decision threshold: "), reading,
        slider),
      make("div", {}, make("label", { for: "explorer-cost" },
        "Cost of a missed " + given.words.highRisk + " loan, in needless reviews"), ratio, fault)),
    make("div", { class: "explorer-buttons" },
      ...given.models.map((model) => button("Cheapest for " + model.name, () => move(cheapest(model)))),
      button(given.words.start, () => move(given.published))),
    make("div", {
      class: "explorer-figures", tabindex: 0, role: "group", "aria-label": "Figures at this threshold",
    }, table()),
    spoken,
  );
  place.hidden = false;
  if (follow()) place.scrollIntoView({ behavior: "instant" });
})();
