// Frames: columns as Python packs them, conditions, order, counts. Nothing here touches the page.

const VERDICTS = ["完成", "部分完成", "未完成", "凭申报完成", "无法判定"];
const [MET, PARTLY, MISSED, CLAIMED, UNDECIDED] = [0, 1, 2, 3, 4];
const MARKS = ["✓", "半", "×", "申", "?"];
const NONE = "—";
const EMPTY = "（空）";
const OPERATORS = { in: "为", eq: "等于", contains: "包含", lacks: "不含", ge: "≥", le: "≤", empty: "为空", filled: "不为空" };

const formats = new Map();

/** A number with thousands separators and so many decimals (at least, at most). */
function number(value, least = 2, most = least) {
  if (value === null || value === undefined || Number.isNaN(value)) return NONE;
  const key = `${least}/${most}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat("zh-CN", { minimumFractionDigits: least, maximumFractionDigits: most }));
  }
  return formats.get(key).format(value);
}

/** A ratio in % with at most one decimal, or with one always where figures stand below one another (`column`); what is
 * not exactly 0 or 100 % is never written so. */
function percent(ratio, column = false) {
  if (ratio === null || ratio === undefined || Number.isNaN(ratio)) return NONE;
  const exact = Number((ratio * 100).toPrecision(14));
  let shown = (Math.sign(exact) * Math.round(Math.abs(exact) * 10)) / 10;
  for (const limit of [0, 100]) {
    if (shown === limit && Math.abs(exact - limit) > 1e-9) shown = exact > limit ? limit + 0.1 : limit - 0.1;
  }
  return `${column ? shown.toFixed(1) : Number(shown.toFixed(1))}%`;
}

/** Bounds of a ratio, both with equal decimals but 0 and 100 %: one figure where both are written alike. */
function between(low, high) {
  if (low === null || high === null) return NONE;
  const ends = [percent(low), percent(high)];
  if (ends[0] === ends[1]) return ends[0];
  const whole = (end) => end.includes(".") || end === "0%" || end === "100%";
  return ends.map((end) => (whole(end) || !ends.some((one) => one.includes(".")) ? end : end.replace("%", ".0%"))).join("—");
}

function median(values) {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (!sorted.length) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

class Frame {
  constructor(packed) {
    this.n = packed.n;
    this.columns = new Map(packed.columns.map((column) => [column.name, column]));
  }

  has(name) {
    return this.columns.has(name);
  }

  column(name) {
    return this.columns.get(name);
  }

  /** The value of a cell: text, a number, or null where it is missing. */
  value(name, row) {
    const column = this.columns.get(name);
    if (column === undefined) return null;
    if (column.kind !== "text") return column.values[row];
    const code = column.codes[row];
    return code < 0 ? null : column.words[code];
  }

  /** A cell as it is written. */
  text(name, row) {
    return this.written(name, this.value(name, row));
  }

  /** A value of a column as it is written. */
  written(name, value) {
    const column = this.columns.get(name);
    if (value === null || value === "") return NONE;
    if (column.kind === "ratio") return percent(value, true);
    if (column.kind === "number") return column.places ? number(value, column.places) : number(value, 0, 4);
    return column.kind === "whole" ? number(value, 0) : String(value);
  }

  /** Which rows meet all conditions (and hold the text searched for): a byte a row. */
  mask(conditions, search = "", searched = []) {
    const keep = new Uint8Array(this.n).fill(1);
    for (const condition of conditions) this.#narrow(keep, condition);
    if (search) {
      const found = new Uint8Array(this.n);
      for (const name of searched) if (this.has(name)) this.#find(found, this.columns.get(name), search);
      for (let row = 0; row < this.n; row++) keep[row] &= found[row];
    }
    return keep;
  }

  #find(found, column, text) {
    const hits = holding(column, text);
    for (let row = 0; row < this.n; row++) if (column.codes[row] >= 0 && hits[column.codes[row]]) found[row] = 1;
  }

  #narrow(keep, { column: name, op, value }) {
    const column = this.columns.get(name);
    if (column === undefined) {
      keep.fill(0);
      return;
    }
    const meets = column.kind === "text" ? textual(column, op, value) : numeric(op, value);
    const cells = column.kind === "text" ? column.codes : column.values;
    for (let row = 0; row < this.n; row++) if (keep[row] && !meets(cells[row])) keep[row] = 0;
  }

  /** Rows in the order of a sort; ties as they stand, what is missing last. */
  sorted(rows, sort) {
    if (!sort.length) return rows;
    const keys = sort.filter(({ column }) => this.has(column)).map(({ column, down }) => ({ at: ranks(this.columns.get(column)), sign: down ? -1 : 1 }));
    return rows.sort((a, b) => {
      for (const { at, sign } of keys) {
        const [one, other] = [at(a), at(b)];
        if (one === other) continue;
        if (one === null) return 1;
        if (other === null) return -1;
        return one < other ? -sign : sign;
      }
      return a - b;
    });
  }
}

function holding(column, text) {
  const wanted = text.toLowerCase();
  return column.words.map((word) => word.toLowerCase().includes(wanted));
}

function textual(column, op, value) {
  if (op === "empty") return (code) => code < 0 || column.words[code] === "";
  if (op === "filled") return (code) => code >= 0 && column.words[code] !== "";
  if (op === "contains" || op === "lacks") {
    const hits = holding(column, value);
    return op === "contains" ? (code) => code >= 0 && hits[code] : (code) => code < 0 || !hits[code];
  }
  const wanted = new Set(Array.isArray(value) ? value : [value]);
  const hits = column.words.map((word) => wanted.has(word));
  return (code) => code >= 0 && hits[code];
}

function numeric(op, value) {
  if (op === "empty") return (cell) => cell === null;
  if (op === "filled") return (cell) => cell !== null;
  if (op === "ge") return (cell) => cell !== null && cell >= value;
  if (op === "le") return (cell) => cell !== null && cell <= value;
  const wanted = new Set(Array.isArray(value) ? value : [value]);
  return (cell) => cell !== null && wanted.has(cell);
}

/** What a column is sorted by: numbers, the order of its categories, or text by code points as pandas does. */
function ranks(column) {
  if (column.kind !== "text") return (row) => column.values[row];
  let places = column.words.map((_, place) => place);
  if (!column.ordered) {
    const order = [...places].sort((a, b) => (column.words[a] < column.words[b] ? -1 : 1));
    order.forEach((word, place) => (places[word] = place));
  }
  return (row) => (column.codes[row] < 0 ? null : places[column.codes[row]]);
}

/** Verdicts counted; of documents that are not evaluated (`rated` false) there is no figure, they are counted apart. */
class Tally {
  constructor() {
    this.rows = 0;
    this.unrated = 0;
    this.verdicts = [0, 0, 0, 0, 0];
  }

  add(verdict, rated = true) {
    if (!rated) {
      this.unrated += 1;
      return;
    }
    this.rows += 1;
    this.verdicts[verdict] += 1;
  }

  get all() {
    return this.rows + this.unrated;
  }

  get most() {
    return this.verdicts[MET] + this.verdicts[CLAIMED] + this.verdicts[UNDECIDED];
  }

  get low() {
    return this.rows ? this.verdicts[MET] / this.rows : null;
  }

  get high() {
    return this.rows ? this.most / this.rows : null;
  }

  get said() {
    const apart = this.unrated ? `${this.unrated}项所在的文件未作评价` : "";
    if (!this.rows) return apart || "没有指标";
    const counts = this.verdicts.map((count, verdict) => (count ? `${VERDICTS[verdict]}${count}项` : "")).filter(Boolean);
    return `${this.rows}项：${counts.join("，")}；完成率${between(this.low, this.high)}${apart ? `；另${apart}` : ""}`;
  }
}
