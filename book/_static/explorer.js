/* The explorer: a small network of the course's kind, drawn, with every value and every gradient of one example.
 *
 * <div class="explorer" data-sizes="2 2 1"></div> becomes one. Names and formulas are the course's: chapter 6 derives
 * them. Native range inputs serve keyboard and screen reader; dragging a number in the picture does the same by mouse
 * and touch. Nothing moves by itself. `element.explorer` is {set(parameters), values()} for tests and the curious.
 */
"use strict";

(() => {
  const zeros = (n) => Array.from({ length: n }, () => 0);
  const table = (rows, columns, f) => Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => f(r, c)));
  const sigmoid = (z) => { const small = Math.exp(-Math.abs(z)); return (z >= 0 ? 1 : small) / (1 + small); };

  /* Forward and backward for one example: shapes as in the course, columns as plain lists. */
  function propagate({ X, Y, W1, b1, W2, b2 }) {
    const Z1 = W1.map((row, j) => row.reduce((sum, w, f) => sum + w * X[f], b1[j]));
    const A = Z1.map((z) => Math.max(z, 0));
    const Z2 = W2.map((row, k) => row.reduce((sum, w, j) => sum + w * A[j], b2[k]));
    const Y_pred = Z2.map(sigmoid);
    const L = Z2.reduce((sum, z, k) => sum + Math.max(z, 0) - z * Y[k] + Math.log1p(Math.exp(-Math.abs(z))), 0);
    const dLdZ2 = Y_pred.map((p, k) => p - Y[k]);
    const dLdW2 = dLdZ2.map((d) => A.map((a) => d * a));
    const dLdA = A.map((_, j) => dLdZ2.reduce((sum, d, k) => sum + d * W2[k][j], 0));
    const dLdZ1 = dLdA.map((d, j) => (Z1[j] > 0 ? d : 0));
    const dLdW1 = dLdZ1.map((d) => X.map((x) => d * x));
    const dLdX = X.map((_, f) => dLdZ1.reduce((sum, d, j) => sum + d * W1[j][f], 0));
    return { Z1, A, Z2, Y_pred, L, dLdZ2, dLdW2, dLdb2: dLdZ2, dLdA, dLdZ1, dLdW1, dLdb1: dLdZ1, dLdX };
  }

  const sub = (n) => String(n).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d]);
  const show = (v, digits = 3) => (Math.abs(v) < 0.5 * 10 ** -digits ? 0 : v).toFixed(digits).replace("-", "−");
  const factor = (v) => (v < 0 ? `(${show(v)})` : show(v));

  /* The backward pass edge by edge: what lights up, and the equation of that step with its numbers. */
  function backwardSteps(p, v) {
    const [nx, nh, ny] = [p.X.length, p.b1.length, p.b2.length];
    const one = ny === 1, out = (k) => (one ? "" : sub(k + 1));
    const steps = [{ lit: [], words: `Forward: every value is computed from left to right. The loss is L = ${show(v.L)}.` }];
    const add = (lit, words) => steps.push({ lit, words });
    for (let k = 0; k < ny; k++) {
      add([`out${k}`], `At output${one ? "" : " " + (k + 1)}: δ₂${one ? "" : "," + out(k)} = Ŷ − Y = ${show(v.Y_pred[k])} − ${factor(p.Y[k])} = ${show(v.dLdZ2[k])}`);
      for (let j = 0; j < nh; j++) add([`W2-${k}-${j}`], `Along the edge from hidden unit ${j + 1}: ∂L/∂W₂,${sub(k + 1)}${sub(j + 1)} = δ₂${one ? "" : "," + out(k)} · A${sub(j + 1)} = ${show(v.dLdZ2[k])} · ${factor(v.A[j])} = ${show(v.dLdW2[k][j])}`);
      add([`b2-${k}`], `The output's bias enters with the factor 1: ∂L/∂b₂${one ? "" : "," + out(k)} = δ₂${one ? "" : "," + out(k)} = ${show(v.dLdZ2[k])}`);
    }
    for (let j = 0; j < nh; j++) {
      const terms = v.dLdZ2.map((d, k) => `${factor(p.W2[k][j])} · ${factor(d)}`).join(" + ");
      add(v.dLdZ2.map((_, k) => `W2-${k}-${j}`).concat(`hid${j}`), `Back to hidden unit ${j + 1}: ∂ℓ/∂A${sub(j + 1)} = ${one ? `W₂,₁${sub(j + 1)} · δ₂` : `Σ W₂,ₖ${sub(j + 1)} · δ₂,ₖ`} = ${terms} = ${show(v.dLdA[j])}`);
      add([`hid${j}`], `Through its ReLU: Z₁,${sub(j + 1)} = ${show(v.Z1[j])} is ${v.Z1[j] > 0 ? "positive: the unit is on" : "not positive: the unit is off"}, so δ₁,${sub(j + 1)} = ${show(v.dLdA[j])} · ${v.Z1[j] > 0 ? 1 : 0} = ${show(v.dLdZ1[j])}`);
      for (let f = 0; f < nx; f++) add([`W1-${j}-${f}`], `Along the edge from input ${f + 1}: ∂L/∂W₁,${sub(j + 1)}${sub(f + 1)} = δ₁,${sub(j + 1)} · X${sub(f + 1)} = ${show(v.dLdZ1[j])} · ${factor(p.X[f])} = ${show(v.dLdW1[j][f])}`);
      add([`b1-${j}`], `The bias of hidden unit ${j + 1}: ∂L/∂b₁,${sub(j + 1)} = δ₁,${sub(j + 1)} = ${show(v.dLdZ1[j])}`);
    }
    return steps;
  }

  /* Every number that can be dragged: where it is kept, its name in words and in symbols, its gradient. */
  function handles(sizes) {
    const [nx, nh, ny] = sizes, list = [];
    const add = (key, path, symbol, words, gradient, range = [-3, 3]) => list.push({ key, path, symbol, words, gradient, range });
    for (let f = 0; f < nx; f++) add(`X-${f}`, ["X", f], `X${sub(f + 1)}`, `input ${f + 1}`, (v) => v.dLdX[f]);
    for (let k = 0; k < ny; k++) add(`Y-${k}`, ["Y", k], `Y${ny > 1 ? sub(k + 1) : ""}`, `target${ny > 1 ? " " + (k + 1) : ""}`, null, [0, 1]);
    for (let j = 0; j < nh; j++) for (let f = 0; f < nx; f++) add(`W1-${j}-${f}`, ["W1", j, f], `W₁,${sub(j + 1)}${sub(f + 1)}`, `weight of hidden unit ${j + 1} for input ${f + 1}`, (v) => v.dLdW1[j][f]);
    for (let j = 0; j < nh; j++) add(`b1-${j}`, ["b1", j], `b₁,${sub(j + 1)}`, `bias of hidden unit ${j + 1}`, (v) => v.dLdb1[j]);
    for (let k = 0; k < ny; k++) for (let j = 0; j < nh; j++) add(`W2-${k}-${j}`, ["W2", k, j], `W₂,${sub(k + 1)}${sub(j + 1)}`, `weight of output ${k + 1} for hidden unit ${j + 1}`, (v) => v.dLdW2[k][j]);
    for (let k = 0; k < ny; k++) add(`b2-${k}`, ["b2", k], `b₂${ny > 1 ? "," + sub(k + 1) : ""}`, `bias of output${ny > 1 ? " " + (k + 1) : ""}`, (v) => v.dLdb2[k]);
    return list;
  }

  const read = (p, path) => path.reduce((at, key) => at[key], p);
  const write = (p, path, value) => { path.slice(0, -1).reduce((at, key) => at[key], p)[path.at(-1)] = value; };

  /* The book's small network and one of its two examples: one unit on, one off, a prediction on the wrong side. */
  const EXAMPLES = [[1, 1], [-2, 2]];
  function start([nx, nh, ny], example = 0) {
    return { X: zeros(nx).map((_, f) => EXAMPLES[example][f % 2]), Y: zeros(ny).map(() => 1),
      W1: table(nh, nx, (j, f) => [[1, 2], [-2, -2]][j % 2][f % 2]), b1: zeros(nh).map((_, j) => [-1, 1][j % 2]),
      W2: table(ny, nh, (k, j) => [-1, 1][(j + k) % 2]), b2: zeros(ny).map(() => 1) };
  }

  /* Numbers that an address brings along, as in explorer.html#X=1,1&W1=1,2,-2,-2: row after row, of the size that is needed. */
  function brought(parameters) {
    for (const [name, text] of new URLSearchParams(location.hash.slice(1))) {
      const now = parameters[name], numbers = text.split(",").map(Number);
      if (!now || numbers.length !== now.flat().length || !numbers.every(Number.isFinite)) continue;
      parameters[name] = Array.isArray(now[0]) ? now.map((row, r) => row.map((_, c) => numbers[r * row.length + c])) : numbers;
    }
    return parameters;
  }

  const SVG = "http://www.w3.org/2000/svg";
  const svg = (name, attributes, parent, text) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    parent?.append(made);
    return made;
  };
  const html = (name, attributes, parent, text) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    parent?.append(made);
    return made;
  };

  function explorer(root) {
    const sizes = root.dataset.sizes.split(" ").map(Number), [nx, nh, ny] = sizes;
    const list = handles(sizes);
    let parameters = brought(start(sizes)), values = propagate(parameters), step = 0, steps = [];

    const picture = html("div", { class: "explorer-picture" }, root);
    const drawing = svg("svg", { role: "img", "aria-label": "" }, picture);
    const controls = html("div", { class: "explorer-controls", role: "group", "aria-label": "Backward pass, step by step" }, root);
    const previous = html("button", { type: "button" }, controls, "Step back");
    const next = html("button", { type: "button" }, controls, "Next step");
    const reset = html("button", { type: "button" }, controls, "Start again");
    const second = html("button", { type: "button" }, controls, "Second example");
    const equation = html("p", { class: "explorer-equation", "aria-live": "polite" }, root);
    const details = html("details", { open: "" }, root);
    html("summary", {}, details, "All numbers, as a table");
    const scroll = html("div", { class: "explorer-scroll", tabindex: "0", role: "region", "aria-label": "Numbers of the network" }, details);
    const grid = html("table", {}, scroll);
    html("caption", {}, grid, "What you can change, and the derivative of the loss with respect to it");
    const head = html("tr", {}, html("thead", {}, grid));
    for (const words of ["", "change", "value", "derivative"]) html(words ? "th" : "td", words ? { scope: "col" } : {}, head, words);
    const body = html("tbody", {}, grid), rows = {};
    for (const h of list) {
      const row = html("tr", {}, body);
      html("th", { scope: "row", title: h.words }, row, h.symbol);
      const input = html("input", { type: "range", min: h.range[0], max: h.range[1], step: 0.05, "aria-label": `${h.symbol}, ${h.words}` }, html("td", {}, row));
      input.addEventListener("input", () => change(h, Number(input.value)));
      rows[h.key] = { row, input, value: html("td", { class: "number" }, row), gradient: html("td", { class: "number" }, row) };
    }
    const between = html("table", {}, scroll), cells = {};
    html("caption", {}, between, "What the two passes compute");
    const betweenBody = html("tbody", {}, between);
    for (const [name, words] of [["Z1", "Z₁, hidden pre-activations"], ["A", "A, after ReLU"], ["Z2", "Z₂, output pre-activation"],
      ["Y_pred", "Ŷ, prediction"], ["L", "L, loss"], ["dLdZ2", "δ₂"], ["dLdA", "∂ℓ/∂A"], ["dLdZ1", "δ₁"]]) {
      const row = html("tr", {}, betweenBody);
      html("th", { scope: "row" }, row, words);
      cells[name] = html("td", { class: "number" }, row);
    }

    function change(handle, value) {
      const [least, most] = handle.range;
      write(parameters, handle.path, Math.round(Math.min(most, Math.max(least, value)) * 1e6) / 1e6);
      update();
    }

    function update() {
      values = propagate(parameters);
      steps = backwardSteps(parameters, values);
      step = Math.min(step, steps.length - 1);
      const lit = new Set(steps[step].lit);
      for (const h of list) {
        const { row, input, value, gradient } = rows[h.key], now = read(parameters, h.path);
        input.value = now;
        input.setAttribute("aria-valuetext", `${show(now, 2)}${h.gradient ? `, derivative ${show(h.gradient(values))}` : ""}`);
        value.textContent = show(now, 2);
        gradient.textContent = h.gradient ? show(h.gradient(values)) : "";
        row.classList.toggle("lit", lit.has(h.key));
      }
      for (const [name, cell] of Object.entries(cells)) cell.textContent = [values[name]].flat().map((v) => show(v)).join("  ");
      equation.textContent = `${step ? `Step ${step} of ${steps.length - 1}. ` : ""}${steps[step].words}`;
      previous.disabled = step === 0;
      next.disabled = step === steps.length - 1;
      draw(lit);
    }

    /* The picture is drawn for the width there is, so that its letters keep their size on a phone. */
    function draw(lit) {
      const width = Math.max(300, Math.min(720, picture.clientWidth || 640)), narrow = width < 520;
      const radius = narrow ? 22 : 27, gap = 132, height = gap * Math.max(nx, nh, ny) + 16;
      const columns = [radius + 4, width * 0.47, width - (narrow ? 45 : radius + 70)];
      const at = (column, n, i) => [columns[column], height / 2 + (i - (n - 1) / 2) * gap];
      drawing.replaceChildren();
      drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
      drawing.setAttribute("aria-label", `The network: ${nx} inputs, ${nh} hidden units of which ${values.A.filter((a) => a > 0).length} are on, ${ny} output${ny > 1 ? "s" : ""}. `
        + `Prediction ${values.Y_pred.map((v) => show(v)).join(", ")}, target ${parameters.Y.map((v) => show(v, 2)).join(", ")}, loss ${show(values.L)}. The table below holds every number.`);
      const edges = svg("g", {}, drawing), labels = svg("g", {}, drawing), nodes = svg("g", {}, drawing);
      const grip = (group, key) => {
        const handle = list.find((h) => h.key === key);
        group.classList.add("grip");
        svg("title", {}, group, `${handle.words}: drag to change`);
        group.addEventListener("pointerdown", (event) => drag(event, handle));
      };
      const edge = (key, from, to, weight, gradient, where) => {
        const classes = `edge ${weight < 0 ? "negative" : "positive"} ${lit.has(key) ? "lit" : ""}`;
        svg("line", { x1: from[0] + radius, y1: from[1], x2: to[0] - radius, y2: to[1], class: classes, "stroke-width": 1 + Math.min(3, Math.abs(weight)) * 1.2 }, edges);
        const [x0, x1] = [from[0] + radius, to[0] - radius];
        const [x, y] = [x0 + where * (x1 - x0), from[1] + where * (to[1] - from[1])];
        const label = svg("g", { class: lit.has(key) ? "label lit" : "label" }, labels);
        svg("rect", { x: x - 21, y: y - 15, width: 42, height: 30, rx: 4 }, label);
        svg("text", { x, y: y - 2 }, label, show(weight, 2));
        svg("text", { x, y: y + 11, class: "gradient" }, label, show(gradient));
        grip(label, key);
      };
      for (let j = 0; j < nh; j++) {
        for (let f = 0; f < nx; f++) edge(`W1-${j}-${f}`, at(0, nx, f), at(1, nh, j), parameters.W1[j][f], values.dLdW1[j][f], 0.25);
        for (let k = 0; k < ny; k++) edge(`W2-${k}-${j}`, at(1, nh, j), at(2, ny, k), parameters.W2[k][j], values.dLdW2[k][j], ny > 1 ? 0.32 + 0.36 * k / (ny - 1) : 0.45);
      }
      const node = (key, [x, y], kind, upper, lower, symbol, bias) => {
        const group = svg("g", { class: `node ${kind} ${lit.has(key) ? "lit" : ""}` }, nodes);
        svg("circle", { cx: x, cy: y, r: radius }, group);
        svg("text", { x, y: lower === undefined ? y + 4 : y - 2 }, group, upper);
        if (lower !== undefined) svg("text", { x, y: y + 12, class: "gradient" }, group, lower);
        svg("text", { x, y: y - radius - 5, class: "symbol" }, group, symbol);
        if (bias) {
          const under = svg("g", { class: lit.has(bias[0]) ? "label lit" : "label" }, nodes);
          svg("rect", { x: x - 44, y: y + radius + 3, width: 88, height: 17, rx: 4 }, under);
          const line = svg("text", { x, y: y + radius + 15 }, under, `b ${show(bias[1], 2)} `);
          svg("tspan", { class: "gradient" }, line, show(bias[2]));
          grip(under, bias[0]);
        }
        return group;
      };
      for (let f = 0; f < nx; f++) grip(node(`X-${f}`, at(0, nx, f), "input", show(parameters.X[f], 2), undefined, `X${sub(f + 1)}`), `X-${f}`);
      for (let j = 0; j < nh; j++) node(`hid${j}`, at(1, nh, j), values.Z1[j] > 0 ? "on" : "off", show(values.A[j], 2), show(values.dLdZ1[j]), `A${sub(j + 1)}, δ₁,${sub(j + 1)}`, [`b1-${j}`, parameters.b1[j], values.dLdb1[j]]);
      for (let k = 0; k < ny; k++) {
        const place = at(2, ny, k);
        node(`out${k}`, place, "output", show(values.Y_pred[k], 2), show(values.dLdZ2[k]), "Ŷ, δ₂", [`b2-${k}`, parameters.b2[k], values.dLdb2[k]]);
        const target = svg("g", { class: "label target" }, nodes);
        const [x, y] = narrow ? [place[0], place[1] - radius - 28] : [place[0] + radius + 36, place[1]];
        svg("rect", { x: x - 32, y: y - 11, width: 64, height: 20, rx: 4 }, target);
        svg("text", { x, y: y + 4 }, target, `Y ${show(parameters.Y[k], 2)}`);
        grip(target, `Y-${k}`);
      }
      svg("text", { x: width - 8, y: height - 6, class: "loss" }, drawing, `L = ${show(values.L)}`);
    }

    function drag(event, handle) {
      event.preventDefault();
      const from = [event.clientX, event.clientY, read(parameters, handle.path)], scale = (handle.range[1] - handle.range[0]) / 240;
      const move = (now) => change(handle, Math.round((from[2] + (now.clientX - from[0] - now.clientY + from[1]) * scale) * 20) / 20);
      const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); removeEventListener("pointercancel", end); };
      addEventListener("pointermove", move);
      addEventListener("pointerup", end);
      addEventListener("pointercancel", end);
    }

    previous.addEventListener("click", () => { step -= 1; update(); });
    next.addEventListener("click", () => { step += 1; update(); });
    reset.addEventListener("click", () => { parameters = start(sizes); step = 0; update(); });
    second.addEventListener("click", () => { parameters = start(sizes, 1); step = 0; update(); });
    root.explorer = {
      set(given) { parameters = structuredClone({ ...parameters, ...given }); update(); },
      values: () => structuredClone({ ...parameters, ...values }),
    };
    let known = 0;
    new ResizeObserver(() => { if (picture.clientWidth !== known) { known = picture.clientWidth; update(); } }).observe(picture);
    update();
  }

  const begin = () => document.querySelectorAll(".explorer").forEach(explorer);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
