"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const get = id => document.getElementById(id);
const rank = Object.fromEntries(data.verdicts.map((v, i) => [v.name, { ...v, rank: i }]));
const SVG = "http://www.w3.org/2000/svg";

// Texts of findings may come from anywhere: they become text nodes, never markup.
function make(tag, attributes = {}, ...children) {
  const made = tag.startsWith("svg:") ? document.createElementNS(SVG, tag.slice(4)) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) made.setAttribute(name, value);
  made.append(...children.filter(child => child != null));
  return made;
}
const slug = verdict => verdict.replaceAll(" ", "-");

// -- findings by cell ---------------------------------------------------------

const cells = new Map();
for (const f of data.findings) {
  const key = [f.case, f.check, f.backend].join("\u001f");
  if (!cells.has(key)) cells.set(key, []);
  cells.get(key).push(f);
}
const number = text => typeof text === "number" ? text : Number(String(text).replace("inf", "Infinity"));
const unlisted = f => rank[f.verdict].fault && !f.divergence;
const badness = f => [unlisted(f) ? 1 : 0, rank[f.verdict].rank, Number.isNaN(number(f.error)) ? Infinity : number(f.error)];
function worse(a, b) {
  const [x, y] = [badness(a), badness(b)];
  const at = x.findIndex((value, i) => value !== y[i]);
  return at < 0 ? 0 : y[at] > x[at] ? 1 : -1;
}
for (const found of cells.values()) found.sort(worse);

const words = new Map(data.cases.map(name => [name, name.toLowerCase()]));
for (const f of data.findings) {
  const known = data.divergences[f.divergence] ?? {};
  if (rank[f.verdict].fault) words.set(f.case, [words.get(f.case), f.divergence, known.reason, f.detail].join(" ").toLowerCase());
}

function ulps(value) {
  const x = number(value);
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : "∞";
  if (x === 0) return "0";
  if (x < 0.095) return "<0.1";
  if (x < 9.95) return x.toFixed(1);
  return x < 9999 ? x.toFixed(0) : x.toExponential(0).replace("e+", "e");
}

// -- the board ----------------------------------------------------------------

const chosen = () => Object.fromEntries(["find", "backend", "verdict", "level", "dtype"].map(id => [id, get(id).value.trim()]));
const fits = {
  "": () => true,
  fault: f => rank[f.verdict].fault,
  unlisted,
};

function visible(wanted, name, check, backend) {
  const found = (cells.get([name, check, backend].join("\u001f")) ?? []).filter(f => !wanted.dtype || f.dtype === wanted.dtype);
  const test = fits[wanted.verdict] ?? (f => f.verdict === wanted.verdict);
  return { found, fits: found.length > 0 && test(found[0]) };
}

let open = null;

function draw() {
  const wanted = chosen();
  const backends = data.backends.filter(b => !wanted.backend || b === wanted.backend);
  const checks = data.checks.filter(c => !wanted.level || String(c.level) === wanted.level);
  const word = wanted.find.toLowerCase();
  let columns = backends.flatMap(backend => checks.map(check => ({ backend, check })));
  let rows = data.cases.filter(name => words.get(name).includes(word))
    .map(name => ({ name, cells: columns.map(c => visible(wanted, name, c.check.name, c.backend)) }));
  let shown = 0;
  for (const row of rows) for (const cell of row.cells) shown += cell.fits;
  if (wanted.verdict) {
    rows = rows.filter(row => row.cells.some(cell => cell.fits));
    const kept = columns.map((_, i) => rows.some(row => row.cells[i].fits));
    columns = columns.filter((_, i) => kept[i]);
    for (const row of rows) row.cells = row.cells.filter((_, i) => kept[i]);
  }
  columns.forEach((c, i) => { c.first = i === 0 || columns[i - 1].backend !== c.backend; });
  get("cells").style.setProperty("--columns", columns.length);
  get("cells").replaceChildren(head(columns), body(rows, columns, wanted));
  get("count").textContent = `${shown} of ${cells.size} cells`;
}

function head(columns) {
  const groups = make("tr", {}, make("th", { scope: "col" }));
  const names = make("tr", {}, make("th", { scope: "col" }, "family"));
  for (const c of columns) {
    if (c.first) {
      const span = columns.filter(other => other.backend === c.backend).length;
      groups.append(make("th", { scope: "colgroup", colspan: span, class: "first", style: `width: ${span * 42}px` }, make("span", {}, c.backend)));
    }
    const title = `level ${c.check.level}: ${c.check.title}`;
    names.append(make("th", { scope: "col", class: c.first ? "first" : null, title }, make("span", {}, c.check.name)));
  }
  return make("thead", {}, groups, names);
}

function body(rows, columns, wanted) {
  const made = make("tbody");
  for (const row of rows) {
    const line = make("tr", {}, make("th", { scope: "row", title: row.name }, row.name));
    row.cells.forEach((cell, i) => line.append(make("td", { class: columns[i].first ? "first" : null }, field(cell, wanted))));
    made.append(line);
  }
  if (!rows.length) made.append(make("tr", {}, make("td", { class: "empty", colspan: columns.length + 1 }, "Nothing fits these filters.")));
  made.querySelector("button")?.setAttribute("tabindex", "0");
  return made;
}

function field({ found, fits }, wanted) {
  if (!found.length) return make("span", { title: "not run" }, "·");
  const worst = found[0];
  const showsNumber = worst.verdict === "agree" || rank[worst.verdict].fault;
  const label = `${worst.case}, ${worst.check}, ${worst.backend}: ${worst.verdict}` + (showsNumber ? `, ${ulps(worst.ulps)} ULPs` : "");
  const classes = [slug(worst.verdict), unlisted(worst) ? "unlisted" : "", wanted.verdict && !fits ? "faded" : ""].join(" ").trim();
  const button = make("button", { type: "button", tabindex: "-1", class: classes, "aria-label": label, "data-key": [worst.case, worst.check, worst.backend].join("\u001f") },
    rank[worst.verdict].glyph, showsNumber ? make("small", {}, ulps(worst.ulps)) : null);
  if (open && open === button.dataset.key) button.setAttribute("aria-selected", "true");
  return button;
}

// -- one cell -----------------------------------------------------------------

function show(key, choice = 0) {
  const found = cells.get(key);
  if (!found) return;
  open = key;
  const wanted = get("dtype").value;
  const all = found.filter(f => !wanted || f.dtype === wanted);
  const f = (all.length ? all : found)[choice] ?? found[0];
  const close = make("button", { type: "button", id: "close", "aria-label": "Close" }, "✕");
  close.addEventListener("click", hide);
  get("panel").replaceChildren(
    make("div", { class: "head" }, make("h2", { id: "panel-title", tabindex: "-1" }, f.case, make("span", { class: "soft" }, ` · ${f.check} · ${f.backend}`)), close),
    ...[forms(all, f, key), ...what(f), known(f), ...point(f), ...sides(f), ...plot(f), ...script(f)].filter(part => part != null));
  get("panel").hidden = false;
  for (const button of document.querySelectorAll("#cells [aria-selected]")) button.removeAttribute("aria-selected");
  const here = document.querySelector(`#cells button[data-key="${CSS.escape(key)}"]`);
  here?.setAttribute("aria-selected", "true");
  history.replaceState(null, "", "#" + key.split("\u001f").map(encodeURIComponent).join("/"));
}

function hide() {
  const from = document.querySelector("#cells [aria-selected]");
  from?.removeAttribute("aria-selected");
  get("panel").hidden = true;
  open = null;
  history.replaceState(null, "", " ");
  from?.focus();
}

const mark = verdict => make("span", { class: `mark ${slug(verdict)}`, title: rank[verdict].meaning }, make("b", { "aria-hidden": "true" }, rank[verdict].glyph), ` ${verdict}`);

const sign = verdict => make("span", { class: `mark ${slug(verdict)}`, title: verdict, role: "img", "aria-label": verdict }, rank[verdict].glyph);

function forms(all, current, key) {
  const made = make("div", { class: "forms", role: "group", "aria-label": "Widths" });
  all.forEach((f, i) => {
    const button = make("button", { type: "button", class: slug(f.verdict), "aria-pressed": f === current }, `${rank[f.verdict].glyph} ${f.dtype}`);
    button.addEventListener("click", () => show(key, i));
    made.append(button);
  });
  return made;
}

function what(f) {
  const check = data.checks.find(c => c.name === f.check);
  return [
    make("p", {}, mark(f.verdict), rank[f.verdict].fault || f.verdict === "agree" ? `  ${ulps(f.ulps)} ULPs` : "", f.points ? make("span", { class: "soft" }, ` at worst, of ${f.points} points`) : null),
    make("p", { class: "soft" }, `Level ${check.level}: ${check.title}.`),
    f.detail ? make("p", {}, f.detail) : null,
  ];
}

function known(f) {
  if (!rank[f.verdict].fault) return null;
  const row = data.divergences[f.divergence];
  const made = make("div", { class: `known ${slug(f.verdict)}` });
  if (!f.divergence) made.append(make("b", {}, "No row of the registry explains this."));
  else made.append(make("b", { class: "mono" }, f.divergence));
  if (row?.reason) made.append(make("p", {}, row.reason));
  const agreeing = rivals(f).filter(other => other.verdict === "agree").map(other => other.backend);
  const right = [row?.right, agreeing.length ? `${agreeing.join(" and ")} here` : null].filter(Boolean).join("; ");
  if (right) made.append(make("p", {}, make("span", { class: "soft" }, "Who is right: "), right));
  if (row?.upstream) {
    const safe = /^https:\/\//.test(row.upstream);
    made.append(make("p", {}, make("span", { class: "soft" }, "Upstream: "), safe ? make("a", { href: row.upstream, rel: "noreferrer" }, row.upstream) : row.upstream));
  }
  return made;
}

const text = value => typeof value === "string" ? value : JSON.stringify(value);

function point(f) {
  if (!f.worst) return [];
  const { params = {}, value, got, exact, what, ...rest } = f.worst;
  const list = make("dl");
  const add = (name, value) => value == null || value === "" ? null : list.append(make("dt", {}, name), make("dd", { class: "mono" }, text(value)));
  for (const [name, given] of Object.entries(params)) add(name, given);
  add("value", value);
  for (const [name, given] of Object.entries(rest)) add(name, given);
  add("of", what);
  add("exact", exact);
  add(f.backend, got);
  add("error", f.error);
  return [make("h3", {}, "Worst point"), list];
}

/* What every backend makes of the same case, check and width, each at its own worst point. */
const rivals = f => data.backends.flatMap(b => (cells.get([f.case, f.check, b].join("\u001f")) ?? []).filter(other => other.dtype === f.dtype));

function sides(f) {
  const all = rivals(f).filter(other => other.worst || other.verdict === "agree");
  if (all.length < 2) return [];
  const rows = all.map(other => make("tr", {}, make("th", { scope: "row" }, other.backend), make("td", {}, sign(other.verdict)),
    make("td", { class: "mono" }, text(other.worst?.got ?? "")), make("td", { class: "mono" }, text(other.worst?.exact ?? "").slice(0, 22)), make("td", {}, ulps(other.ulps))));
  const titles = ["backend", "", "got", "exact", "ULPs"].map(title => make("th", { scope: "col" }, title));
  return [make("h3", {}, "Every backend against the exact number, each at its worst"),
    make("div", { class: "scroll" }, make("table", { class: "sides" }, make("thead", {}, make("tr", {}, ...titles)), make("tbody", {}, ...rows)))];
}

// -- the plot: error over the grid --------------------------------------------

const WIDTH = 440, HEIGHT = 210, LEFT = 38, RIGHT = 14, TOP = 10, BOTTOM = 30;
const bend = x => Math.asinh(x * 4);

function curve(f) {
  const xs = data.grids[f.grid];
  return xs ? xs.map((x, i) => [number(x), number(f.curve[i])]).filter(([x]) => Number.isFinite(x)).sort((a, b) => a[0] - b[0]) : [];
}

function plot(f) {
  const all = rivals(f).map(other => ({ f: other, points: curve(other) })).filter(c => c.points.length);
  const mine = all.find(c => c.f === f);
  if (!mine) return [];
  all.sort((a, b) => (a.f === f) - (b.f === f));
  const points = all.flatMap(c => c.points);
  const finite = points.map(p => p[1]).filter(Number.isFinite);
  const top = Math.max(2, Math.ceil(Math.log10(Math.max(1, ...finite))) + (finite.length < points.length ? 1 : 0));
  const ends = [Math.min(...points.map(p => p[0])), Math.max(...points.map(p => p[0]))];
  const [low, high] = ends.map(bend);
  const x = v => LEFT + (WIDTH - LEFT - RIGHT) * (high > low ? (bend(v) - low) / (high - low) : .5);
  const y = v => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (Number.isFinite(v) ? Math.log10(Math.max(v, .1)) + 1 : top + 1) / (top + 1);
  const svg = make("svg:svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": "Error in units of the last place over the values of the grid" });
  const step = Math.max(1, Math.ceil((top + 1) / 5));
  for (let e = -1; e <= top; e += step) svg.append(
    make("svg:line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(10 ** e), y2: y(10 ** e), stroke: "var(--line)" }),
    make("svg:text", { x: LEFT - 5, y: y(10 ** e) + 4, "text-anchor": "end" }, e === -1 ? "≤0.1" : e < 4 ? String(10 ** e) : `1e${e}`));
  const ticks = low < bend(0) && bend(0) < high ? [ends[0], 0, ends[1]] : [ends[0], ends[1]];
  for (const v of ticks) svg.append(make("svg:text", { x: x(v), y: HEIGHT - BOTTOM + 15, "text-anchor": v === ends[0] ? "start" : v === ends[1] ? "end" : "middle" }, String(Number(v.toPrecision(3)))));
  svg.append(make("svg:text", { x: WIDTH / 2, y: HEIGHT - 2, "text-anchor": "middle" }, "value (symmetric log scale); up: ULPs (log scale)"));
  for (const c of all) svg.append(...line(c, c.f === f, x, y));
  return [make("h3", {}, "Error over the grid"), svg,
    make("p", { class: "soft" }, `Filled: ${f.backend}. `, all.length > 1 ? "Hollow: " + all.filter(c => c.f !== f).map(c => c.f.backend).join(", ") + "." : "")];
}

function line({ f, points }, filled, x, y) {
  const colour = filled ? "var(--link)" : "var(--soft)";
  const dots = points.map(([a, b]) => make("svg:circle", { cx: x(a), cy: y(b), r: filled ? 3.2 : 2.8, fill: filled ? colour : "none", stroke: colour },
    make("svg:title", {}, `${f.backend} at ${a}: ${ulps(b)} ULPs`)));
  const path = points.map(([a, b], i) => `${i ? "L" : "M"}${x(a).toFixed(1)},${y(b).toFixed(1)}`).join("");
  return [make("svg:path", { d: path, fill: "none", stroke: colour, "stroke-width": filled ? 1.4 : .8, "stroke-dasharray": filled ? null : "3 3", opacity: .7 }), ...dots];
}

function script(f) {
  const source = data.scripts[f.script] ?? `jointbridge conformance -b ${f.backend} --family ${f.family} --check "${f.check}"`;
  const title = f.script == null ? "Run it again" : "A script that shows it";
  const button = make("button", { type: "button" }, "Copy");
  button.addEventListener("click", () => copy(button, source));
  return [make("h3", {}, title), make("div", { class: "code" }, button, make("pre", { tabindex: "0" }, source))];
}

async function copy(button, source) {
  try {
    await navigator.clipboard.writeText(source);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(button.nextSibling);
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
}

// -- what a reader does -------------------------------------------------------

get("filters").addEventListener("submit", event => event.preventDefault());
let waiting = 0;
get("filters").addEventListener("input", event => {
  clearTimeout(waiting);
  waiting = setTimeout(draw, event.target.type === "search" ? 150 : 0);
});
get("filters").addEventListener("reset", () => setTimeout(draw));
get("cells").addEventListener("click", event => {
  const button = event.target.closest("button");
  if (button) { show(button.dataset.key); get("panel-title").focus({ preventScroll: true }); }
});
for (const button of document.querySelectorAll(".counts button")) button.addEventListener("click", () => {
  get("backend").value = button.dataset.backend;
  get("verdict").value = button.dataset.verdict;
  draw();
});

get("cells").addEventListener("pointerover", event => {
  const button = event.target.closest("button");
  if (button) button.title = button.getAttribute("aria-label");
});

const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
get("cells").addEventListener("keydown", event => {
  const move = moves[event.key], cell = event.target.closest("td");
  if (!move || !cell) return;
  event.preventDefault();
  let [line, column] = [cell.parentNode, cell.cellIndex];
  for (;;) {
    line = move[0] > 0 ? line.nextSibling : move[0] < 0 ? line.previousSibling : line;
    column += move[1];
    if (!line?.cells?.[column] || column < 1) return;
    const button = line.cells[column].querySelector("button");
    if (!button) continue;
    event.target.tabIndex = -1;
    button.tabIndex = 0;
    button.focus();
    return;
  }
});
document.addEventListener("keydown", event => { if (event.key === "Escape" && !get("panel").hidden) hide(); });

draw();
if (location.hash.length > 2) {
  show(location.hash.slice(1).split("/").map(decodeURIComponent).join("\u001f"));
  document.querySelector("#cells [aria-selected]")?.scrollIntoView({ block: "center", inline: "center" });
}
