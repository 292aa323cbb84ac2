// The page what-if: a click on a chip or a row changes the list at once, and the address with it;
// fields find artists while one types. Without this module links and forms do the same.

const PAUSE = 120;
const CHOICES = 8;

const page = () => document.getElementById("what-if");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let asked = new AbortController();
let finding = new AbortController();
let pause = 0;

document.addEventListener("click", (event) => {
  const link = event.target.closest("#what-if a[href^='/what-if']");
  if (!link || link.download || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link.getAttribute("href"), placeOf(link));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("#what-if form:not([method=post])")) return;
  event.preventDefault();
  const field = form.querySelector("input:not([type=hidden])");
  if (!field.value.trim()) return;
  const chosen = choices(field)?.querySelector("[aria-selected=true]");
  if (chosen) return add(field, chosen);
  show(addressOf(form), `#${field.id}`);
});

addEventListener("popstate", () => page() && show(location.pathname + location.search, null, false));

function addressOf(form) {
  const query = new URLSearchParams(new FormData(form));
  return `${form.getAttribute("action")}?${query}`;
}

// Where the focus goes when what was clicked is no longer there.
function placeOf(link) {
  const row = link.closest(".picks li");
  if (row) {
    const kind = link.classList.contains("less") ? "less" : "likes";
    return `.picks li:nth-child(${[...row.parentNode.children].indexOf(row) + 1}) .act.${kind}`;
  }
  const group = link.closest(".group");
  if (!group) return "#add-likes";
  const at = [...group.querySelectorAll(".held")].indexOf(link.closest(".held")) + 1;
  const kind = link.classList.contains("drops") ? "drops" : "shows";
  const name = group.querySelector("h2").id;
  return `.group.of-${name} .held:nth-child(${at}) .${kind}, #add-${name}`;
}

async function show(address, focused, isNew = true) {
  asked.abort();
  asked = new AbortController();
  const part = page();
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: asked.signal });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("what-if");
    if (answer.redirected || !found) return location.assign(address);
    put(part, found);
    if (isNew) history.pushState(null, "", found.dataset.address);
    if (focused) part.querySelector(focused)?.focus({ preventScroll: true });
    say(found.dataset.said);
  } catch (error) {
    if (error.name === "AbortError") return;
    say("The server does not answer.");
  }
  part.removeAttribute("aria-busy");
}

// What was open stays open, and rows glide from where they were.
function put(part, found) {
  const open = new Set([...part.querySelectorAll("details[open]")].map((each) => each.id));
  const before = new Map(rows(part).map((row) => [row.dataset.artist, row.getBoundingClientRect().top]));
  part.replaceChildren(...found.childNodes);
  part.dataset.address = found.dataset.address;
  for (const each of part.querySelectorAll("details")) each.open = open.has(each.id);
  if (calm.matches || !before.size) return;
  for (const row of rows(part)) {
    const from = before.get(row.dataset.artist);
    const way = from === undefined ? 0 : from - row.getBoundingClientRect().top;
    const first = from === undefined ? { opacity: 0 } : { transform: `translateY(${way}px)` };
    if (from === undefined || way) row.animate([first, {}], { duration: 260, easing: "ease-out" });
  }
}

function rows(part) {
  return [...part.querySelectorAll(".picks li[data-artist]")];
}

function say(text) {
  const said = document.getElementById("said");
  said.textContent = text;
  said.dataset.shown = String(Math.round(performance.now()));
}

// Finding an artist while one types.

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("#what-if [data-finds]")) return;
  clearTimeout(pause);
  pause = setTimeout(() => find(field), PAUSE);
});

document.addEventListener("keydown", (event) => {
  const list = event.target.matches("#what-if [data-finds]") && choices(event.target);
  if (!list) return;
  if (event.key === "Escape") return closeChoices(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = [...list.children];
  const at = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
  mark(event.target, all[(at + step + all.length) % all.length]);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches("#what-if [data-finds]")) closeChoices(event.target);
});

async function find(field) {
  finding.abort();
  finding = new AbortController();
  const text = field.value.trim();
  if (!text) return closeChoices(field);
  const query = new URLSearchParams({ q: text, k: 50 });
  try {
    const answer = await fetch(`/api/search?${query}`, { signal: finding.signal });
    if (!answer.ok || !field.isConnected || document.activeElement !== field) return;
    const { found } = await answer.json();
    offer(field, found.filter((each) => each.kind === field.dataset.finds).slice(0, CHOICES));
  } catch (error) {
    if (error.name !== "AbortError") closeChoices(field);
  }
}

function offer(field, found) {
  closeChoices(field);
  if (!found.length) return;
  const list = document.createElement("ul");
  list.className = "choices";
  list.id = `${field.id}-choices`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Artists called so");
  found.forEach((each, at) => {
    const choice = document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = each.name ?? each.id;
    choice.id = `${list.id}-${at}`;
    choice.dataset.id = each.id;
    choice.setAttribute("role", "option");
    choice.append(name);
    // Before the field loses the focus, which closes the list.
    choice.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      add(field, choice);
    });
    list.append(choice);
  });
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "true");
  mark(field, list.firstChild);
}

function choices(field) {
  return document.getElementById(`${field.id}-choices`);
}

function mark(field, choice) {
  for (const each of choices(field).children) each.setAttribute("aria-selected", String(each === choice));
  field.setAttribute("aria-activedescendant", choice.id);
}

function closeChoices(field) {
  choices(field)?.remove();
  field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-expanded", "false");
}

function add(field, choice) {
  clearTimeout(pause);
  finding.abort();
  field.value = `id:${choice.dataset.id}`;
  const address = `${addressOf(field.form)}&moved_by=${field.name}:${encodeURIComponent(choice.dataset.id)}`;
  field.value = "";
  closeChoices(field);
  show(address, `#${field.id}`);
}
