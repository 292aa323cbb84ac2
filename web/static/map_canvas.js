// Artists as points on a 2D canvas: drawing, panning, zooming, and who is under a pointer.

const LABELS = 46;
const CANDIDATES = 400;
const GROWTH = 0.32;
const REACH = 14;
const FLIGHT = 450;
const DIM = 0.16;

// The file of all places (/api/map.bin), a column each.
export function parse(buffer) {
  const count = new DataView(buffer).getUint32(4, true);
  let at = 8;
  const column = (Type) => {
    const found = new Type(buffer, at, count);
    at += found.byteLength;
    return found;
  };
  const listeners = column(Uint32Array);
  return { count, listeners, x: column(Float32Array), y: column(Float32Array), colour: column(Uint8Array) };
}

// A colour as #rrggbb in numbers.
function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

export class MapCanvas {
  // nameOf(row) gives a name, or nothing where it is not there yet; layers are lists of rows.
  constructor(canvas, data, nameOf, layers) {
    Object.assign(this, { canvas, data, nameOf, layers });
    this.pen = canvas.getContext("2d");
    this.chosen = -1;
    this.under = -1;
    this.emphasis = -1;
    this.isSteered = false;
    this.laid = new Set([...layers.plays, ...layers.likes]);
    this.index = new KDBush(data.count);
    for (let row = 0; row < data.count; row++) this.index.add(data.x[row], data.y[row]);
    this.index.finish();
    this.radius = Float32Array.from(data.listeners, (n) => 0.9 + 0.42 * Math.log2(1 + n));
    this.everything = Uint32Array.from({ length: data.count }, (_, at) => data.count - 1 - at);
    this.widths = new Map();
    this.discs = new Map();
    this.restyle();
    this.resize();
    this.view = this.whole();
  }

  // Colours of the page's theme.
  restyle() {
    const style = getComputedStyle(this.canvas);
    const of = (name) => style.getPropertyValue(name).trim();
    this.colours = Array.from({ length: 9 }, (_, at) => of(`--map-${at}`));
    this.ink = of("--ink");
    this.paper = of("--raised");
    this.accent = of("--accent");
    this.channels = this.colours.map(channels);
    const [red, green, blue] = channels(this.paper);
    this.ground = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    this.ask();
  }

  resize() {
    const box = this.canvas.getBoundingClientRect();
    const ratio = Math.min(devicePixelRatio || 1, 2);
    this.width = Math.max(1, box.width);
    this.height = Math.max(1, box.height);
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ratio = ratio;
    this.image = this.pen.createImageData(this.canvas.width, this.canvas.height);
    this.ask();
  }

  // The view that shows all artists but those far out.
  whole() {
    const extent = (values) => {
      const sorted = Float32Array.from(values).sort();
      return [sorted[Math.floor(sorted.length * 0.002)], sorted[Math.ceil(sorted.length * 0.998) - 1]];
    };
    const [left, right] = extent(this.data.x);
    const [low, high] = extent(this.data.y);
    const scale = Math.min(this.width / (right - left || 1), this.height / (high - low || 1)) * 0.94;
    this.least = scale;
    return { x: (left + right) / 2, y: (low + high) / 2, scale };
  }

  get zoom() {
    return this.view.scale / this.least;
  }

  // Draw with the next frame of the screen.
  ask() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  }

  pan(dx, dy) {
    this.view.x -= dx / this.view.scale;
    this.view.y += dy / this.view.scale;
    this.ask();
  }

  // Zoom so that what is at (px, py) stays there.
  magnify(factor, px = this.width / 2, py = this.height / 2) {
    const [x, y] = this.onMap(px, py);
    this.view.scale = Math.min(Math.max(this.view.scale * factor, this.least * 0.5), this.least * 400);
    const [nowX, nowY] = this.onMap(px, py);
    this.view.x += x - nowX;
    this.view.y += y - nowY;
    this.ask();
  }

  fly(view, isStill) {
    cancelAnimationFrame(this.flying);
    if (isStill) {
      this.view = { ...view };
      return this.ask();
    }
    const from = { ...this.view };
    const start = performance.now();
    const step = (now) => {
      const part = Math.min(1, Math.max(0, (now - start) / FLIGHT));
      const eased = part * part * (3 - 2 * part);
      this.view.scale = from.scale * (view.scale / from.scale) ** eased;
      this.view.x = from.x + (view.x - from.x) * eased;
      this.view.y = from.y + (view.y - from.y) * eased;
      this.draw();
      if (part < 1) this.flying = requestAnimationFrame(step);
    };
    this.flying = requestAnimationFrame(step);
  }

  onMap(px, py) {
    return [
      this.view.x + (px - this.width / 2) / this.view.scale,
      this.view.y - (py - this.height / 2) / this.view.scale,
    ];
  }

  onScreen(row) {
    return [
      (this.data.x[row] - this.view.x) * this.view.scale + this.width / 2,
      (this.view.y - this.data.y[row]) * this.view.scale + this.height / 2,
    ];
  }

  // The artist nearest to a point of the screen, within reach; -1 where there is none.
  at(px, py, reach = REACH) {
    const [x, y] = this.onMap(px, py);
    let best = -1;
    let least = Infinity;
    for (const row of this.index.within(x, y, reach / this.view.scale)) {
      const distance = Math.hypot(this.data.x[row] - x, this.data.y[row] - y) * this.view.scale;
      const counted = Math.max(0, distance - this.size(row)) + row * 1e-7;
      if (counted < least) [best, least] = [row, counted];
    }
    return best;
  }

  size(row) {
    return this.radius[row] * Math.min(3.2, Math.max(0.7, this.zoom ** GROWTH));
  }

  visible() {
    const [left, top] = this.onMap(-12, -12);
    const [right, bottom] = this.onMap(this.width + 12, this.height + 12);
    if (this.zoom <= 1.05) return this.everything;
    return this.index.range(left, bottom, right, top).sort((one, other) => other - one);
  }

  draw() {
    const rows = this.visible();
    this.points(rows);
    for (const row of this.layers.plays) this.ring(row);
    for (const row of this.layers.likes) this.diamond(row);
    this.labels(rows);
    if (this.isSteered) this.cross();
  }

  // All discs, pixel by pixel: a canvas without a graphics card takes many times as long for them.
  points(rows) {
    const { data, view, ratio, image } = this;
    const scale = view.scale * ratio;
    const left = (this.width / 2) * ratio - view.x * scale;
    const top = (this.height / 2) * ratio + view.y * scale;
    new Uint32Array(image.data.buffer).fill(this.ground);
    const growth = Math.min(3.2, Math.max(0.7, this.zoom ** GROWTH)) * ratio * 2;
    for (const row of rows) {
      const disc = this.disc(Math.round(this.radius[row] * growth));
      const colour = data.colour[row];
      const strength = this.isDim(row) ? DIM : colour > 6 ? 0.62 : 0.88;
      const x = Math.round(left + data.x[row] * scale);
      this.blend(disc, x, Math.round(top - data.y[row] * scale), this.channels[colour], strength);
    }
    this.pen.putImageData(image, 0, 0);
  }

  isDim(row) {
    if (this.emphasis >= 0) return this.data.colour[row] !== this.emphasis;
    return this.laid.size > 0 && !this.laid.has(row);
  }

  blend({ half, cover }, x, y, [red, green, blue], strength) {
    const { width, height, data } = this.image;
    const side = 2 * half + 1;
    const first = Math.max(0, half - x);
    const last = Math.min(side, width + half - x);
    for (let down = Math.max(0, half - y); down < Math.min(side, height + half - y); down++) {
      let at = ((y + down - half) * width + x + first - half) * 4;
      for (let across = first; across < last; across++, at += 4) {
        const part = cover[down * side + across] * strength;
        if (part === 0) continue;
        data[at] += (red - data[at]) * part;
        data[at + 1] += (green - data[at + 1]) * part;
        data[at + 2] += (blue - data[at + 2]) * part;
      }
    }
  }

  // How much of each pixel a disc covers whose radius is so many half pixels.
  disc(halves) {
    let made = this.discs.get(halves);
    if (!made) {
      const half = Math.ceil(halves / 2 + 0.5);
      const side = 2 * half + 1;
      const cover = new Float32Array(side * side);
      for (let at = 0; at < cover.length; at++) {
        const away = Math.hypot((at % side) - half, Math.floor(at / side) - half);
        cover[at] = Math.min(1, Math.max(0, halves / 2 + 0.5 - away));
      }
      made = { half, cover };
      this.discs.set(halves, made);
    }
    return made;
  }

  ring(row) {
    const [px, py] = this.onScreen(row);
    this.pen.beginPath();
    this.pen.arc(px, py, this.size(row) + 2.5, 0, 2 * Math.PI);
    this.stroke(this.ink);
  }

  diamond(row) {
    const [px, py] = this.onScreen(row);
    const half = this.size(row) + 4;
    this.pen.beginPath();
    this.pen.moveTo(px, py - half);
    this.pen.lineTo(px + half, py);
    this.pen.lineTo(px, py + half);
    this.pen.lineTo(px - half, py);
    this.pen.closePath();
    this.pen.fillStyle = this.accent;
    this.pen.fill();
    this.stroke(this.paper);
  }

  stroke(colour) {
    this.pen.lineWidth = 1.8;
    this.pen.strokeStyle = colour;
    this.pen.stroke();
  }

  // Names of the best known in sight, as many as find room; what a person looks at comes first.
  labels(rows) {
    const first = [this.chosen, this.under].filter((row) => row >= 0);
    const laid = [...this.layers.likes, ...this.layers.plays].slice(0, LABELS);
    let known = Array.from(rows.slice(-CANDIDATES)).reverse();
    if (this.emphasis >= 0) known = known.filter((row) => this.data.colour[row] === this.emphasis);
    const taken = [];
    let room = LABELS;
    for (const row of new Set([...first, ...laid, ...known])) {
      if (room === 0) break;
      if (this.label(row, taken, first.includes(row))) room--;
    }
    for (const row of first) this.halo(row);
  }

  label(row, taken, isForced) {
    const [px, py] = this.onScreen(row);
    if (px < 0 || py < 0 || px > this.width || py > this.height) return false;
    const name = this.nameOf(row);
    if (!name) return false;
    const size = Math.min(16, 11 + this.radius[row] * 0.75);
    const font = `${isForced ? 700 : 600} ${Math.round(size)}px ${this.family()}`;
    const width = this.measured(font, name);
    const left = px + this.size(row) + 4 + width > this.width ? px - this.size(row) - 4 - width : px + this.size(row) + 4;
    const box = [left - 3, py - size * 0.75, left + width + 3, py + size * 0.75];
    const meets = (other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3];
    if (!isForced && taken.some(meets)) return false;
    taken.push(box);
    this.pen.font = font;
    this.pen.textBaseline = "middle";
    this.pen.lineJoin = "round";
    this.pen.lineWidth = 3.5;
    this.pen.strokeStyle = this.paper;
    this.pen.strokeText(name, left, py);
    this.pen.fillStyle = this.ink;
    this.pen.fillText(name, left, py);
    return true;
  }

  family() {
    this.familyName ??= getComputedStyle(this.canvas).fontFamily;
    return this.familyName;
  }

  measured(font, name) {
    const key = font + name;
    if (!this.widths.has(key)) {
      this.pen.font = font;
      this.widths.set(key, this.pen.measureText(name).width);
    }
    return this.widths.get(key);
  }

  halo(row) {
    const [px, py] = this.onScreen(row);
    this.pen.beginPath();
    this.pen.arc(px, py, this.size(row) + 4, 0, 2 * Math.PI);
    this.stroke(row === this.chosen ? this.accent : this.ink);
  }

  // Where the keyboard is.
  cross() {
    const [x, y] = [this.width / 2, this.height / 2];
    this.pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      this.pen.moveTo(x + dx * 5, y + dy * 5);
      this.pen.lineTo(x + dx * 12, y + dy * 12);
    }
    this.stroke(this.ink);
  }
}
