// Swaps one part of the page for the same part of another address while a form is being filled.
// A form with data-swap="ID" names the part; without this module it is sent as any other form.

const PAUSE = 120;

document.documentElement.classList.add("scripted");

const waiting = new WeakMap();
let asked = new AbortController();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.swap) return;
  showValue(event.target);
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => swap(form), PAUSE));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.swap || form.getAttribute("role") === "search") return;
  event.preventDefault();
  clearTimeout(waiting.get(form));
  swap(form);
});

function showValue(field) {
  if (field.type !== "range") return;
  const output = field.form.querySelector(`output[for="${field.id}"]`);
  if (output) output.value = Number(field.value).toFixed(2);
  const price = document.getElementById(`${field.id}-price`);
  if (price) price.textContent = `NDCG ${change(JSON.parse(field.dataset.curve), Number(field.value))}`;
}

// What a value changes, between the two that were measured on either side of it.
function change(curve, value) {
  const after = curve.findIndex(([at]) => at >= value);
  const [high, to] = curve[after < 0 ? curve.length - 1 : after];
  const [low, from] = curve[after < 1 ? (after < 0 ? curve.length - 1 : 0) : after - 1];
  const found = high === low ? to : from + ((to - from) * (value - low)) / (high - low);
  const text = Math.abs(found).toFixed(3);
  return Number(text) === 0 ? "±0.000" : `${found < 0 ? "−" : "+"}${text}`;
}

// The address of what the form asks, without what is as usual.
function addressOf(form) {
  const query = new URLSearchParams();
  for (const field of form.elements) {
    if (!field.name || (field.type === "checkbox" && !field.checked)) continue;
    if (!isUsual(field) && field.value.trim() !== "") query.append(field.name, field.value.trim());
  }
  const text = query.toString();
  return form.getAttribute("action") + (text ? `?${text}` : "");
}

function isUsual(field) {
  const usual = field.dataset.usual;
  if (!usual) return false;
  return Number(usual) === Number(field.value);
}

async function swap(form) {
  asked.abort();
  asked = new AbortController();
  const address = addressOf(form);
  const part = document.getElementById(form.dataset.swap);
  part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: asked.signal });
    if (answer.redirected) return location.assign(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    put(part, page.getElementById(part.id) ?? page.querySelector("main"));
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name === "AbortError") return;
    say("The server does not answer.");
  }
  part.removeAttribute("aria-busy");
}

// What was open stays open.
function put(part, found) {
  const open = new Set([...part.querySelectorAll("details[open]")].map((each) => each.id));
  part.replaceChildren(...found.childNodes);
  for (const each of part.querySelectorAll("details")) each.open = open.has(each.id);
  say(found.dataset.said ?? "");
}

function say(text) {
  document.getElementById("said").textContent = text;
}
