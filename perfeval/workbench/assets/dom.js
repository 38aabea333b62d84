// Elements. Text is always set as text, so nothing that comes from data can become markup.

const SVG = "http://www.w3.org/2000/svg";
let made = 0;
const unique = (name) => `wb-${name}-${(made += 1)}`;

/** A text without marks that turn round what follows them; what Python is told keeps them. */
const straight = (text) => (typeof text === "string" ? text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "") : text);

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : straight(value));
  }
  element.append(...children.flat(4).filter((child) => child !== null && child !== undefined && child !== false).map(straight));
  return element;
}

/** Keys pressed on these are ours: JupyterLab would add and delete cells on a and dd, and looks no further than the element itself. */
const OURS = { "data-lm-suppress-shortcuts": "true" };
const takesKeys = (tag, attributes) => "tabindex" in attributes || ["button", "input", "select", "summary"].includes(tag);
const h = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), takesKeys(tag, attributes) ? { ...OURS, ...attributes } : attributes, children);
const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
const button = (text, onclick, attributes = {}) => h("button", { type: "button", onclick, ...attributes }, text);
const options = (pairs, chosen) =>
  pairs.map(([value, text]) => h("option", { value, selected: String(value) === String(chosen) }, text));

/** About how wide text is in em: full-width characters 1, others a little over half. */
function em(text) {
  let width = 0;
  for (const mark of text) width += mark.codePointAt(0) > 0x2e7f ? 1 : 0.56;
  return width;
}

/** Text cut to a width, with an ellipsis; the whole stands in a title beside it. */
function short(text, most) {
  if (em(text) <= most) return text;
  let cut = text;
  while (cut && em(cut) + 1 > most) cut = [...cut].slice(0, -1).join("");
  return `${cut}…`;
}

/** Arrow keys in a grid: moves `at` = {row, column} inside the bounds; whether the key meant anything. */
function moved(key, at, rows, columns, page) {
  const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [page, 0], PageUp: [-page, 0] };
  if (key === "Home") at.row = 0;
  else if (key === "End") at.row = rows - 1;
  else if (steps[key]) {
    at.row += steps[key][0];
    at.column += steps[key][1];
  } else return false;
  at.row = Math.max(0, Math.min(rows - 1, at.row));
  at.column = Math.max(0, Math.min(columns - 1, at.column));
  return true;
}

const COPIED = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font-size", "font-family", "text-anchor", "opacity", "paint-order"];

/** Text in lines no wider than so many em. */
function wrapped(text, most) {
  const lines = [""];
  for (const mark of text) {
    if (em(lines.at(-1)) + em(mark) > most) lines.push("");
    lines[lines.length - 1] += mark;
  }
  return lines;
}

/** A drawing as a file of its own: under its title and notes, colours as they are seen, on the paper they stand on. */
function standalone(svg, title, notes) {
  const width = Math.max(Number(svg.getAttribute("width")), 480);
  const lines = [...wrapped(title, (width - 20) / 15).map((text) => [text, 15]), ...notes.flatMap((note) => wrapped(note, (width - 20) / 12)).map((text) => [text, 12])];
  const [above, height] = [lines.length * 20 + 12, Number(svg.getAttribute("height"))];
  const copy = svg.cloneNode(true);
  const [from, to] = [svg.querySelectorAll("*"), copy.querySelectorAll("*")];
  from.forEach((element, place) => {
    const style = getComputedStyle(element);
    for (const name of COPIED) to[place].setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "id", "tabindex", "role", "aria-label"]) to[place].removeAttribute(name);
  });
  const style = getComputedStyle(svg);
  const told = lines.map(([text, size], place) => s("text", { x: 10, y: 22 + place * 20, "font-size": size, fill: style.color, "font-family": style.fontFamily }, text));
  copy.setAttribute("y", above);
  copy.setAttribute("x", 0);
  const paper = s("rect", { width, height: height + above, fill: style.getPropertyValue("--paper").trim() || "#fff" });
  const all = s("svg", { width, height: height + above, viewBox: `0 0 ${width} ${height + above}` }, paper, told, copy);
  return { text: new XMLSerializer().serializeToString(all), width, height: height + above };
}

/** A drawing as PNG, three pixels a point where a picture can be so large; null where it would be too small to read. */
async function picture({ text, width, height }) {
  const scale = Math.min(3, 16000 / width, 16000 / height);
  if (scale < 0.7) return null;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = h("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
