// The graph: click to grow, back, keys, and the same as a table.

const root = document.getElementById("graph");
const stage = document.getElementById("graph-canvas");
const card = document.getElementById("graph-card");
const table = document.querySelector("#graph-table tbody");
const said = document.getElementById("said");

const MOST = Number(root.dataset.most);
const STEP = 20;
const PLACES = { user: "users", artist: "artists", tag: "tags" };
const CALLED = { user: "person", artist: "artist", tag: "tag" };
const WORDS = { LISTENED: "plays", FRIEND: "is a friend of", HAS_TAG: "is tagged", USES_TAG: "gives the tag" };
const RINGS = ["#c4420f", "#0072b2", "#a8457f", "#8a7a00", "#4aa3d8", "#00916a", "#d98200", "#7a5cc4"];

const answers = new Map();
let cy;

async function json(address) {
  if (!answers.has(address)) {
    const answer = await fetch(address);
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.detail);
    answers.set(address, found);
  }
  return answers.get(address);
}

function name(node) {
  return node.kind === "user" ? `person ${node.id}` : (node.name ?? String(node.id));
}

function pageOf(node) {
  return `/${PLACES[node.kind]}/${encodeURIComponent(node.id)}`;
}

// What has been grown stands in the address: keys of nodes, each as often as it was grown.

function grown() {
  return new URLSearchParams(location.hash.slice(1)).getAll("grow");
}

function address(keys) {
  const part = new URLSearchParams(keys.map((key) => ["grow", key]));
  return `${location.pathname}${location.search}${keys.length ? `#${part}` : ""}`;
}

async function parts(keys) {
  const first = await json(`/api/graph${location.search}`);
  const isAround = first.ends.length === 1;
  const times = new Map();
  const found = [first];
  for (const key of keys) {
    const own = isAround && key === first.ends[0] ? first.nodes.length - 1 : 0;
    const start = own + STEP * (times.get(key) ?? 0);
    times.set(key, (times.get(key) ?? 0) + 1);
    const at = key.indexOf(":");
    const query = new URLSearchParams({ [key.slice(0, at)]: key.slice(at + 1), k: STEP, start: Math.min(start, 300) });
    found.push(await json(`/api/graph?${query}`));
  }
  return found;
}

// Bring what is drawn to what the address says; what was asked before the last step comes too late.
let step = 0;

async function apply() {
  const own = ++step;
  root.setAttribute("aria-busy", "true");
  try {
    const found = await parts(grown());
    if (own === step) show(found);
  } catch (error) {
    said.textContent = error.message;
  }
  root.removeAttribute("aria-busy");
}

function show(found) {
  const nodes = new Map();
  const links = new Map();
  const near = new Map();
  for (const part of found) {
    for (const node of part.nodes) {
      if (nodes.size < MOST && !nodes.has(node.key)) nodes.set(node.key, node);
    }
    for (const link of part.links) {
      if (!nodes.has(link.source) || !nodes.has(link.target)) continue;
      links.set(`${link.source} ${link.kind} ${link.target}`, link);
      near.set(link.source, near.get(link.source) ?? link.target);
      near.set(link.target, near.get(link.target) ?? link.source);
    }
  }
  const before = cy.nodes().length;
  cy.batch(() => {
    cy.elements().filter((each) => !(each.isNode() ? nodes : links).has(each.id())).remove();
    for (const node of nodes.values()) add(node, near.get(node.key), found[0].ends);
    for (const [id, link] of links) {
      if (cy.getElementById(id).empty()) cy.add({ group: "edges", data: { id, ...link, text: WORDS[link.kind] } });
    }
  });
  arrange(before, found[0].ends);
  list(nodes, links);
  const isFull = nodes.size >= MOST ? ` ${MOST} is the most.` : "";
  said.textContent = `${nodes.size} nodes and ${links.size} links.${isFull}`;
  document.getElementById("graph-communities").hidden = ![...nodes.values()].some((node) => node.community != null);
}

function add(node, parent, ends) {
  if (cy.getElementById(node.key).nonempty()) return;
  const at = parent ? cy.getElementById(parent).position() : undefined;
  const turn = cy.nodes().length * 2.399963;
  const position = at ? { x: at.x + 60 * Math.cos(turn), y: at.y + 60 * Math.sin(turn) } : { x: 60 * Math.cos(turn), y: 60 * Math.sin(turn) };
  const ring = node.community == null ? "" : RINGS[node.community % RINGS.length];
  cy.add({
    group: "nodes",
    data: { id: node.key, node, kind: node.kind, text: name(node), ring },
    position,
    classes: ends.includes(node.key) ? "end" : "",
  });
}

function arrange(before, ends) {
  const count = cy.nodes().length;
  if (count === before) return;
  const start = performance.now();
  const isWay = ends.length === 2 && grown().length === 0;
  cy.layout(isWay ? { name: "preset", positions: ways(ends), fit: false } : forces(before, count)).run();
  if (!isWay) widen();
  fit();
  enlarge();
  root.dataset.laid = (performance.now() - start).toFixed(0);
}

function forces(before, count) {
  return {
    name: "cose",
    animate: false,
    randomize: false,
    fit: false,
    nodeDimensionsIncludeLabels: true,
    idealEdgeLength: (edge) => (edge.source().degree() === 1 || edge.target().degree() === 1 ? 60 : 110),
    nodeRepulsion: () => 30000,
    nodeOverlap: 12,
    gravity: 0.5,
    edgeElasticity: () => 60,
    numIter: count > 120 ? 70 : 400,
    initialTemp: before ? 120 : 250,
    coolingFactor: count > 120 ? 0.94 : 0.985,
  };
}

// Let the drawing fill a stage that is wider than high, or the other way round.
function widen() {
  const box = cy.nodes().boundingBox({ includeLabels: false });
  const wanted = cy.width() / cy.height();
  const isTurned = wanted > 1 ? box.h > box.w : box.w > box.h;
  const [wide, high] = isTurned ? [box.h, box.w] : [box.w, box.h];
  const stretch = Math.min(1.7, Math.max(0.6, wanted / (wide / (high || 1) || 1)));
  cy.nodes().positions((node) => {
    const { x, y } = node.position();
    return isTurned ? { x: y * stretch, y: x } : { x: x * stretch, y };
  });
}

// What is far away is still seen, and what many links meet in is still read.
function enlarge() {
  const least = 9 / cy.zoom();
  const letters = cy.nodes().length > 80 ? 11 : 10.5 / cy.zoom();
  cy.batch(() => {
    for (const node of cy.nodes()) {
      const isHub = node.hasClass("end") || node.degree() > 4;
      const side = Math.max(node.hasClass("end") ? 32 : 20, isHub ? 1.5 * least : least);
      const font = Math.max(node.hasClass("end") ? 14 : 11, isHub ? 1.3 * least : letters);
      node.style({ width: side, height: side, "font-size": font, "text-max-width": 11 * font });
    }
  });
}

// From the left to the right: who is how many links from the first end, in a column each.
function ways([first, last]) {
  const away = new Map([[first, 0]]);
  for (const id of away.keys()) {
    for (const other of cy.getElementById(id).neighborhood("node")) {
      if (!away.has(other.id())) away.set(other.id(), away.get(id) + 1);
    }
  }
  const end = Math.max(2, ...away.values());
  const columns = new Map();
  for (const node of cy.nodes()) {
    const steps = node.id() === last ? end : (away.get(node.id()) ?? 1);
    columns.set(steps, [...(columns.get(steps) ?? []), node.id()]);
  }
  const width = Math.min(190, Math.max(90, (cy.width() - 120) / end));
  const places = {};
  for (const [column, ids] of columns) {
    ids.forEach((id, row) => (places[id] = { x: column * width, y: (row - (ids.length - 1) / 2) * 64 }));
  }
  return places;
}

// All of it in sight, and nothing larger than is pleasant.
function fit() {
  cy.fit(undefined, 45);
  if (cy.zoom() > 1.5) {
    cy.zoom(1.5);
    cy.center();
  }
}

function list(nodes, links) {
  table.replaceChildren(
    ...[...links.values()].map((link) => {
      const row = document.createElement("tr");
      row.append(
        cell(linked(nodes.get(link.source))),
        cell(WORDS[link.kind]),
        cell(linked(nodes.get(link.target))),
        cell(link.value == null ? "" : link.value.toLocaleString("en")),
      );
      return row;
    }),
  );
}

function cell(content) {
  const made = document.createElement("td");
  made.append(content);
  return made;
}

function linked(node) {
  const link = document.createElement("a");
  const kind = document.createElement("span");
  const text = document.createElement("bdi");
  link.href = pageOf(node);
  kind.className = `kind is-${node.kind}`;
  kind.textContent = CALLED[node.kind];
  text.textContent = node.name ?? String(node.id);
  link.append(kind, " ", text);
  return link;
}

// Choosing, growing, taking back.

let chosen = null;

function choose(key) {
  chosen = key;
  cy.nodes().removeClass("chosen");
  const found = key && cy.getElementById(key);
  card.hidden = !found || found.empty();
  if (card.hidden) return;
  found.addClass("chosen");
  const node = found.data("node");
  card.querySelector("h2 bdi").textContent = name(node);
  card.querySelector("h2 a").href = pageOf(node);
  const around = found.connectedEdges().length;
  const community = node.community == null ? "" : ` · community ${node.community}`;
  card.querySelector(".quiet").textContent = `${CALLED[node.kind]} · ${around} links here${community}`;
  card.querySelector("[data-act=from]").href = `/graph?${new URLSearchParams({ [node.kind]: node.id })}`;
  card.querySelector("[data-act=grow]").disabled = cy.nodes().length >= MOST;
  card.querySelector("[data-act=back]").hidden = grown().length === 0;
}

async function grow(key) {
  if (cy.nodes().length >= MOST) {
    said.textContent = `${MOST} nodes are the most that is drawn: take some back.`;
    return choose(key);
  }
  const before = cy.elements().length;
  chosen = key;
  history.pushState(null, "", address([...grown(), key]));
  await apply();
  // Somebody may have chosen another, none, or gone back meanwhile.
  choose(chosen);
  if (grown().at(-1) === key && cy.elements().length === before) {
    history.replaceState(null, "", address(grown().slice(0, -1)));
    said.textContent = "There is no more around it.";
  }
}

function back() {
  if (grown().length) history.back();
}

card.querySelector("[data-act=grow]").addEventListener("click", () => chosen && grow(chosen));
card.querySelector("[data-act=back]").addEventListener("click", back);
addEventListener("popstate", () => apply().then(() => choose(chosen)));

// Keys: the arrows choose the nearest node in their direction.

const TURNS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function towards([dx, dy]) {
  const from = chosen && cy.getElementById(chosen).nonempty() ? cy.getElementById(chosen) : cy.nodes().first();
  if (!chosen) return from.id();
  let best = chosen;
  let least = Infinity;
  for (const other of cy.nodes()) {
    const x = other.position("x") - from.position("x");
    const y = other.position("y") - from.position("y");
    const along = x * dx + y * dy;
    const across = Math.abs(x * dy - y * dx);
    if (along > 1 && across <= along * 1.6 && along + 2 * across < least) [best, least] = [other.id(), along + 2 * across];
  }
  return best;
}

const middle = () => ({ x: cy.width() / 2, y: cy.height() / 2 });
const magnify = (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: middle() });
const KEYS = {
  "+": () => magnify(1.3),
  "=": () => magnify(1.3),
  "-": () => magnify(1 / 1.3),
  0: fit,
  Enter: () => chosen && grow(chosen),
  Backspace: back,
  Escape: () => choose(null),
};

stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const turn = TURNS[event.key];
  if (!turn && !KEYS[event.key]) return;
  event.preventDefault();
  if (!turn) return KEYS[event.key]();
  choose(towards(turn));
  const found = cy.getElementById(chosen);
  said.textContent = `${found.data("text")}, ${CALLED[found.data("kind")]}. Enter grows it.`;
  const { x, y } = found.renderedPosition();
  if (x < 30 || y < 30 || x > cy.width() - 30 || y > cy.height() - 30) cy.center(found);
});

for (const button of root.querySelectorAll("[data-key]")) {
  button.addEventListener("click", () => KEYS[button.dataset.key]());
}

// Begin.

function styles() {
  const style = getComputedStyle(document.documentElement);
  const of = (part) => style.getPropertyValue(part).trim();
  const node = (kind, shape, colour) => ({ selector: `node[kind="${kind}"]`, style: { shape, "background-color": of(colour) } });
  return [
    {
      selector: "node",
      style: {
        width: 20, height: 20, label: "data(text)", color: of("--ink"), "font-size": 11, "min-zoomed-font-size": 7,
        "font-family": getComputedStyle(stage).fontFamily, "text-valign": "bottom", "text-margin-y": 3,
        "text-outline-color": of("--raised"), "text-outline-width": 2, "text-max-width": 130, "text-wrap": "ellipsis",
      },
    },
    node("user", "ellipse", "--embedding"),
    node("artist", "round-rectangle", "--friends"),
    node("tag", "diamond", "--tags"),
    { selector: 'node[ring != ""]', style: { "border-width": 4, "border-color": "data(ring)" } },
    { selector: "node.end", style: { width: 32, height: 32, "font-size": 14, "font-weight": 700 } },
    { selector: "node.chosen", style: { "border-width": 5, "border-color": of("--ink") } },
    { selector: "edge", style: { width: 1.4, "line-color": of("--rest"), opacity: 0.55, "curve-style": "haystack" } },
  ];
}

cy = cytoscape({ container: stage, style: styles(), minZoom: 0.1, maxZoom: 4, boxSelectionEnabled: false, autoungrabify: false });
cy.on("tap", "node", (event) => grow(event.target.id()));
cy.on("tap", (event) => event.target === cy && choose(null));
cy.on("mouseover", "node", () => stage.classList.add("over"));
cy.on("mouseout", "node", () => stage.classList.remove("over"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(styles()));
apply().then(() => {
  root.dataset.drawn = "true";
});
