// Two fingers beside each other: zoom and movement are shared, each side turns by itself. Pairs carry one number on both.
const area = document.querySelector("[data-fingers-area]");
const SVG = "http://www.w3.org/2000/svg";
const LONE = "#b35900";
const MATCHED = "#005ea5";
const CHOSEN = "#d4351c";
const CONTRASTS = [[1, 0], [2, -0.5], [-1, 1], [-2, 1.5]]; // slope and lift of the grey levels

if (area) start(JSON.parse(document.getElementById("finger-drawing").textContent));

function start({ points, pairs }) {
  area.closest("[hidden]").removeAttribute("hidden");
  const sides = [...area.querySelectorAll("svg")].map((svg, at) => side(svg, points[at], pairs.map((pair) => pair[at])));
  const state = { zoom: 1, x: 0, y: 0, active: 1, contrast: 0, marks: true, pair: -1 };
  const said = document.querySelector("[data-fingers-said]");
  const show = () => sides.forEach((each, at) => each.show(state, at === state.active));
  const steps = {
    "+": () => (state.zoom = Math.min(8, state.zoom * 1.25)),
    "=": () => (state.zoom = Math.min(8, state.zoom * 1.25)),
    "-": () => (state.zoom = Math.max(0.5, state.zoom / 1.25)),
    ArrowLeft: () => (state.x += 20),
    ArrowRight: () => (state.x -= 20),
    ArrowUp: () => (state.y += 20),
    ArrowDown: () => (state.y -= 20),
    r: () => (sides[state.active].turn += 5),
    R: () => (sides[state.active].turn -= 5),
    x: () => (state.active = 1 - state.active),
    c: () => (state.contrast = (state.contrast + 1) % CONTRASTS.length),
    m: () => (state.marks = !state.marks),
    ".": () => choose(1),
    ",": () => choose(-1),
    o: () => {
      Object.assign(state, { zoom: 1, x: 0, y: 0, contrast: 0, marks: true, pair: -1 });
      for (const each of sides) Object.assign(each, { turn: 0, dx: 0, dy: 0 });
    },
  };

  function choose(step) {
    if (!pairs.length) return;
    state.pair = (state.pair + step + pairs.length) % pairs.length;
    if (state.zoom < 2) state.zoom = 2.5;
    Object.assign(state, { x: 0, y: 0 });
    sides.forEach((each) => each.centre(state));
    said.textContent = `${state.pair + 1} / ${pairs.length}`;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const finger = document.querySelector(`[data-finger-key="${CSS.escape(event.key)}"]`);
    if (finger) return finger.click();
    // On a Cyrillic layout the letter keys are known by their place.
    const letter = event.code.startsWith("Key") && !/^[a-z]$/i.test(event.key) ? event.code.slice(3) : event.key;
    const key = letter.length === 1 && letter !== "R" ? letter.toLowerCase() : letter;
    const step = steps[key === "r" && event.shiftKey ? "R" : key];
    if (!step || (key.startsWith("Arrow") && !area.contains(document.activeElement))) return;
    event.preventDefault();
    step();
    show();
  });
  for (const button of document.querySelectorAll("[data-finger-step]")) {
    button.addEventListener("click", () => {
      steps[button.dataset.fingerStep]();
      show();
    });
  }
  let held = null;
  area.addEventListener("pointerdown", (event) => {
    const at = sides.findIndex((each) => each.svg.contains(event.target));
    if (at < 0) return;
    event.preventDefault(); // no picture is dragged away, and no text chosen
    area.focus({ preventScroll: true });
    held = [event.clientX, event.clientY];
    state.active = at;
    show();
  });
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => (held = null));
  window.addEventListener("pointermove", (event) => {
    if (!held) return;
    const scale = sides[state.active].svg.getScreenCTM().a; // pixels of the screen for one of the picture
    state.x += (event.clientX - held[0]) / scale;
    state.y += (event.clientY - held[1]) / scale;
    held = [event.clientX, event.clientY];
    show();
  });
  area.addEventListener("wheel", (event) => {
    event.preventDefault();
    state.zoom = Math.min(8, Math.max(0.5, state.zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1)));
    show();
  }, { passive: false });
  area.focus({ preventScroll: true });
  show();
}

/** One side: its marks, its turn, and where it stands besides what is shared. */
function side(svg, points, matched) {
  const { width, height } = svg.viewBox.baseVal;
  const plane = svg.querySelector("g");
  const marks = svg.querySelector("[data-marks]");
  const number = new Map(matched.map((place, at) => [place, at + 1]));
  const drawn = points.map(([x, y, angle], place) => {
    const colour = number.has(place) ? MATCHED : LONE;
    const group = make("g", { stroke: colour, fill: "none", "stroke-width": number.has(place) ? 1.6 : 1 }, marks);
    make("circle", { cx: x, cy: y, r: 4 }, group);
    make("line", { x1: x + 4 * Math.cos(angle), y1: y - 4 * Math.sin(angle), x2: x + 11 * Math.cos(angle), y2: y - 11 * Math.sin(angle) }, group);
    if (number.has(place)) make("text", { x: x + 5, y: y - 5, "font-size": 9, fill: colour }, group).textContent = number.get(place);
    return { group, colour };
  });
  const picture = svg.querySelector("image");
  const filter = make("filter", { id: `grey-${svg.dataset.side}` }, svg);
  const transfer = make("feComponentTransfer", {}, filter);
  const levels = ["R", "G", "B"].map((name) => make(`feFunc${name}`, { type: "linear" }, transfer));
  return {
    svg, turn: 0, dx: 0, dy: 0,
    centre(state) {
      const [x, y] = points[matched[state.pair]];
      const angle = (this.turn * Math.PI) / 180;
      const [u, v] = [(x - width / 2) * state.zoom, (y - height / 2) * state.zoom];
      this.dx = -(u * Math.cos(angle) - v * Math.sin(angle));
      this.dy = -(u * Math.sin(angle) + v * Math.cos(angle));
    },
    show(state, active) {
      plane.setAttribute("transform", `translate(${width / 2 + state.x + this.dx} ${height / 2 + state.y + this.dy}) rotate(${this.turn}) scale(${state.zoom}) translate(${-width / 2} ${-height / 2})`);
      marks.setAttribute("visibility", state.marks ? "visible" : "hidden");
      svg.style.outline = `3px solid ${active ? MATCHED : "#b8c2c6"}`;
      drawn.forEach(({ group, colour }, place) => group.setAttribute("stroke", place === matched[state.pair] ? CHOSEN : colour));
      const [slope, intercept] = CONTRASTS[state.contrast];
      for (const level of levels) {
        level.setAttribute("slope", slope);
        level.setAttribute("intercept", intercept);
      }
      picture?.setAttribute("filter", state.contrast ? `url(#${filter.id})` : "none");
    },
  };
}

function make(name, values, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return parent.appendChild(made);
}
