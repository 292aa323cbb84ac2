// The map of artists: what pointers, keys, the search and the address do with it.

const root = document.getElementById("map");
const canvas = document.getElementById("map-canvas");
const card = document.getElementById("map-card");
const tip = document.getElementById("map-tip");
const field = document.getElementById("map-search");
const found = document.getElementById("map-found");
const said = document.getElementById("said");

const BLOCK = Number(root.dataset.block);
const CLOSE = 6;
const still = matchMedia("(prefers-reduced-motion: reduce)");

const { MapCanvas, parse } = await import(root.dataset.drawing);

const blocks = new Map();
let map;

async function json(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error((await answer.json()).detail);
  return answer.json();
}

// What is known of the artist of a row; asked for, where it is not known yet.
function known(row) {
  const block = Math.floor(row / BLOCK);
  if (!blocks.has(block)) {
    blocks.set(block, null);
    json(`/api/map/names?block=${block}`)
      .then((names) => blocks.set(block, names))
      .then(() => map?.ask())
      .catch(() => blocks.delete(block));
  }
  const names = blocks.get(block);
  if (!names) return null;
  const at = row % BLOCK;
  return { id: names.artists[at], name: names.names[at] ?? String(names.artists[at]), tag: names.tag_names[at] };
}

function rowsOf(kind) {
  return [...document.querySelectorAll(`[data-layer="${kind}"]`)].map((each) => Number(each.dataset.row));
}

// The address: which artist is open, and where the map is.

function read() {
  const part = new URLSearchParams(location.hash.slice(1));
  const at = (part.get("at") ?? "").split(",").map(Number);
  return { artist: part.get("artist"), at: at.length === 3 && at.every(Number.isFinite) ? at : null };
}

function address(artist, withPlace = true) {
  const part = new URLSearchParams();
  if (artist) part.set("artist", artist);
  const { x, y } = map.view;
  if (withPlace) part.set("at", [x.toFixed(2), y.toFixed(2), map.zoom.toFixed(2)].join(","));
  return `${location.pathname}${location.search}#${part}`.replaceAll("%2C", ",");
}

let keeping;
function keep() {
  clearTimeout(keeping);
  keeping = setTimeout(() => history.replaceState(null, "", address(read().artist)), 300);
}

// Answers to what was asked before the last step come too late.
let step = 0;

async function apply() {
  const own = ++step;
  clearTimeout(keeping);
  const { artist, at } = read();
  if (at) map.fly({ x: at[0], y: at[1], scale: map.least * Math.max(0.5, at[2]) }, true);
  if (!artist) return close();
  try {
    const place = await json(`/api/map/artists/${encodeURIComponent(artist)}`);
    if (own !== step) return;
    show(place);
    if (!at) goTo(place);
  } catch (error) {
    if (own !== step) return;
    close();
    said.textContent = error.message;
  }
}

function open(artist, withPlace) {
  history.pushState(null, "", address(String(artist), withPlace));
  return apply();
}

function goTo(place) {
  map.fly({ x: place.x, y: place.y, scale: map.least * Math.max(CLOSE, map.zoom) }, still.matches);
}

function show(place) {
  map.chosen = place.row;
  map.ask();
  const link = card.querySelector("a");
  const name = place.name ?? String(place.artist);
  link.querySelector("bdi").textContent = name;
  link.href = `/artists/${encodeURIComponent(place.artist)}`;
  card.querySelector("p").textContent =
    `${place.tag_name ?? "no tag"} · ${place.listeners.toLocaleString("en")} listeners`;
  card.hidden = false;
  said.textContent = `${name} is open`;
}

function close() {
  map.chosen = -1;
  card.hidden = true;
  map.ask();
}

function leave() {
  if (card.hidden) return;
  history.pushState(null, "", address(null));
  step++;
  close();
}

// Pointers.

const down = new Map();
let moved = 0;

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  down.set(event.pointerId, place(event));
  moved = 0;
});

canvas.addEventListener("pointermove", (event) => {
  const now = place(event);
  const before = down.get(event.pointerId);
  if (!before) return hover(now);
  const others = [...down].filter(([id]) => id !== event.pointerId).map(([, other]) => other);
  if (others.length) {
    const apart = (point) => Math.hypot(point[0] - others[0][0], point[1] - others[0][1]) || 1;
    map.magnify(apart(now) / apart(before), others[0][0], others[0][1]);
  } else {
    map.pan(now[0] - before[0], now[1] - before[1]);
  }
  moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
  down.set(event.pointerId, now);
  tip.hidden = true;
  keep();
});

canvas.addEventListener("pointerup", (event) => {
  const wasDown = down.delete(event.pointerId);
  if (!wasDown || moved > 6) return;
  const row = map.at(...place(event), event.pointerType === "mouse" ? undefined : 24);
  if (row < 0) return leave();
  openRow(row);
});

canvas.addEventListener("pointercancel", (event) => down.delete(event.pointerId));

canvas.addEventListener("pointerleave", () => {
  tip.hidden = true;
  map.under = -1;
  map.ask();
});

canvas.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    map.magnify(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), ...place(event));
    keep();
  },
  { passive: false },
);

function hover([px, py]) {
  const row = map.at(px, py);
  if (row !== map.under) {
    map.under = row;
    map.ask();
  }
  canvas.classList.toggle("over", row >= 0);
  const about = row >= 0 && known(row);
  tip.hidden = !about;
  if (!about) return;
  tip.textContent = about.tag ? `${about.name} · ${about.tag}` : about.name;
  const half = tip.offsetWidth / 2;
  tip.style.left = `${Math.min(Math.max(px, half + 4), map.width - half - 4)}px`;
  tip.style.top = `${py}px`;
}

function openRow(row) {
  const about = known(row);
  if (about) return open(about.id, true);
  setTimeout(() => openRow(row), 100);
}

// Keys.

const STEP = 90;
const KEYS = {
  ArrowLeft: () => map.pan(STEP, 0),
  ArrowRight: () => map.pan(-STEP, 0),
  ArrowUp: () => map.pan(0, STEP),
  ArrowDown: () => map.pan(0, -STEP),
  "+": () => map.magnify(1.5),
  "=": () => map.magnify(1.5),
  "-": () => map.magnify(1 / 1.5),
  0: () => map.fly(map.whole(), still.matches),
  Enter: () => nearest() >= 0 && openRow(nearest()),
  Escape: leave,
};

function nearest() {
  return map.at(map.width / 2, map.height / 2, 120);
}

let speaking;
canvas.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  map.isSteered = true;
  KEYS[event.key]();
  if (event.key === "Enter" || event.key === "Escape") return;
  keep();
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const about = nearest() >= 0 && known(nearest());
    said.textContent = about ? `In the middle: ${about.name}. Enter opens it.` : "Nobody is near the middle.";
  }, 350);
});

canvas.addEventListener("blur", () => {
  map.isSteered = false;
  map.ask();
});

for (const button of root.querySelectorAll("[data-key]")) {
  button.addEventListener("click", () => {
    KEYS[button.dataset.key]();
    keep();
  });
}

// The legend: one tag by itself.

for (const button of document.querySelectorAll("[data-colour]")) {
  button.addEventListener("click", () => {
    const colour = Number(button.dataset.colour);
    map.emphasis = map.emphasis === colour ? -1 : colour;
    for (const each of document.querySelectorAll("[data-colour]")) {
      each.setAttribute("aria-pressed", String(Number(each.dataset.colour) === map.emphasis));
    }
    map.ask();
  });
}

// The search.

let typing;
field.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(search, 120);
});

field.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(typing);
  await search();
  found.querySelector("button")?.click();
});

field.form.addEventListener("keydown", (event) => {
  if (event.key === "Escape") found.replaceChildren();
});

async function search() {
  const text = field.value.trim();
  const rows = text ? (await json(`/api/search?k=30&q=${encodeURIComponent(text)}`)).found : [];
  if (field.value.trim() !== text) return;
  const artists = rows.filter((row) => row.kind === "artist").slice(0, 7);
  found.replaceChildren(...artists.map(choice));
  said.textContent = text ? `${artists.length} artists` : "";
}

function choice(row) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const name = document.createElement("bdi");
  name.textContent = row.name ?? String(row.id);
  button.type = "button";
  button.append(name);
  button.addEventListener("click", () => {
    found.replaceChildren();
    field.value = "";
    canvas.focus();
    open(row.id, false);
  });
  item.append(button);
  return item;
}

card.querySelector("button").addEventListener("click", () => {
  leave();
  canvas.focus();
});

// Begin.

async function begin() {
  const answer = await fetch("/api/map.bin");
  if (!answer.ok) throw new Error((await answer.json()).detail);
  const data = parse(await answer.arrayBuffer());
  known(0);
  map = new MapCanvas(canvas, data, (row) => known(row)?.name, { plays: rowsOf("plays"), likes: rowsOf("likes") });
  map.draw();
  performance.mark("map-drawn");
  root.dataset.drawn = "true";
  new ResizeObserver(() => map.resize()).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.restyle());
  addEventListener("hashchange", () => location.hash.includes("=") || !location.hash ? apply() : null);
  apply();
}

begin().catch((error) => {
  said.textContent = error.message;
  root.dataset.failed = "true";
});
