// The table: every row can be scrolled to, only those in sight are drawn. Columns are sorted and filtered from their headings.

const LINE = 28;
const WIDE = { name: 150, year: 70, goal: 170, indicator: 220, target: 130, actual: 130, status: 108, derivation: 320, reason: 220, measure: 220, why: 220, file: 260 };

class Table {
  constructor(bench) {
    this.bench = bench;
    this.at = { row: 0, column: 0 };
    this.measured = { top: 0, room: 440 };
    this.body = h("div", { class: "wb-body", role: "rowgroup" });
    this.head = h("div", { class: "wb-head", role: "rowgroup" });
    this.grid = h(
      "div",
      { class: "wb-grid", role: "grid", tabindex: 0, "aria-label": "指标表：方向键移动，回车看一行的由来", onscroll: () => this.scrolled(), onkeydown: (event) => this.key(event), onclick: (event) => this.click(event) },
      this.head,
      this.body,
    );
    this.element = h("section", { class: "wb-table", "aria-label": "指标表" }, this.grid);
  }

  get names() {
    return this.bench.columns;
  }

  draw() {
    const { bench } = this;
    const { frame, order } = bench;
    this.widths = this.names.map((name) => WIDE[name] ?? (frame.column(name).kind === "text" ? 120 : 96));
    this.left = this.widths.map((_, place) => this.widths.slice(0, place).reduce((sum, width) => sum + width, 0));
    this.total = this.widths.reduce((sum, width) => sum + width, 0);
    this.grid.setAttribute("aria-rowcount", order.length + 1);
    this.grid.setAttribute("aria-colcount", this.names.length);
    const line = h("div", { class: "wb-line", role: "row", "aria-rowindex": 1 }, this.names.map((name, place) => this.heading(name, place)));
    this.head.replaceChildren(line);
    this.head.style.width = this.body.style.width = `${this.total}px`;
    this.body.style.height = `${Math.max(order.length, 1) * LINE}px`;
    this.at.row = Math.max(0, Math.min(this.at.row, order.length - 1));
    this.rows();
  }

  heading(name, place) {
    const { bench } = this;
    const column = bench.frame.column(name);
    const sort = bench.sort.find((each) => each.column === name);
    const filtered = bench.filters.some((each) => each.column === name || (name === "name" && each.column === "subdistrict"));
    const cell = h(
      "div",
      { class: `wb-cell wb-heading ${column.kind}${place ? "" : " first"}`, role: "columnheader", "aria-sort": sort ? (sort.down ? "descending" : "ascending") : "none", title: column.meaning ? `${column.title}：${column.meaning}` : column.title },
      button(`${column.title}${sort ? (sort.down ? " ▼" : " ▲") : ""}`, (event) => this.sort(name, event.shiftKey), { class: "wb-sort", "aria-label": `按${column.title}排序` }),
      button(filtered ? "▾●" : "▾", (event) => bench.popover.open(name, event.currentTarget), { class: filtered ? "wb-filter on" : "wb-filter", "aria-label": `筛选${column.title}${filtered ? "（已筛选）" : ""}`, "aria-haspopup": "dialog" }),
    );
    cell.style.width = `${this.widths[place]}px`;
    return cell;
  }

  sort(name, more) {
    const { bench } = this;
    const held = bench.sort.find((each) => each.column === name);
    const rest = more ? bench.sort.filter((each) => each.column !== name) : [];
    const next = !held ? [{ column: name, down: false }] : !held.down ? [{ column: name, down: true }] : [];
    bench.set({ sort: [...rest, ...next] });
    const place = this.names.indexOf(name);
    this.head.querySelectorAll(".wb-sort")[place]?.focus();
  }

  /** Where it is scrolled to and how high it is: asked before anything is drawn, for asking later costs a layout each time. */
  measure() {
    this.measured = { top: this.grid.scrollTop, room: this.grid.clientHeight || 440 };
  }

  scrolled() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.measure();
      this.rows();
    });
  }

  /** The rows in sight. */
  rows() {
    const { bench, grid } = this;
    const { order } = bench;
    const seen = Math.ceil(this.measured.room / LINE);
    const first = Math.max(0, Math.min(Math.floor(this.measured.top / LINE), order.length - seen) - 8);
    const last = Math.min(order.length, first + seen + 16);
    const drawn = [];
    for (let place = first; place < last; place++) drawn.push(this.line(place));
    if (!order.length) drawn.push(h("div", { class: "wb-line wb-none", role: "row" }, h("div", { class: "wb-cell", role: "gridcell" }, "没有符合的行。")));
    this.body.replaceChildren(...drawn);
    const active = this.body.querySelector(".wb-active");
    grid.setAttribute("aria-activedescendant", active ? active.id : "");
  }

  line(place) {
    const { bench } = this;
    const row = bench.order[place];
    const picked = row === bench.picked;
    const line = h("div", { class: `wb-line${picked ? " picked" : ""}`, role: "row", "aria-rowindex": place + 2, "aria-selected": picked ? "true" : "false", "data-place": place }, this.names.map((name, column) => this.cell(name, row, place, column)));
    line.style.transform = `translateY(${place * LINE}px)`;
    return line;
  }

  cell(name, row, place, column) {
    const { frame } = this.bench;
    const active = place === this.at.row && column === this.at.column;
    const text = frame.text(name, row);
    const mark = name === "status" ? VERDICTS.indexOf(text) : -1;
    const cell = h(
      "div",
      { class: `wb-cell ${frame.column(name).kind}${column ? "" : " first"}${active ? " wb-active" : ""}`, role: "gridcell", id: active ? unique("cell") : null, "data-column": column, title: em(text) * 13 > this.widths[column] - 14 ? text : null },
      mark >= 0 ? [h("span", { class: `wb-mark v${mark}`, "aria-hidden": "true" }, MARKS[mark]), text] : text,
    );
    cell.style.width = `${this.widths[column]}px`;
    return cell;
  }

  key(event) {
    if (event.target !== this.grid) return;
    const page = Math.max(1, Math.floor(this.grid.clientHeight / LINE) - 2);
    if (event.key === "Enter" && this.bench.order.length) this.bench.pick(this.bench.order[this.at.row], true);
    else if (!moved(event.key, this.at, this.bench.order.length, this.names.length, page)) return;
    event.preventDefault();
    this.reveal();
  }

  /** Scrolls so that the active cell is in sight. */
  reveal() {
    const { grid, at } = this;
    const top = at.row * LINE;
    const room = grid.clientHeight - LINE - 18;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + LINE > grid.scrollTop + room) grid.scrollTop = top + LINE - room;
    const left = this.left[at.column];
    if (at.column && left < grid.scrollLeft + this.widths[0]) grid.scrollLeft = left - this.widths[0];
    else if (left + this.widths[at.column] > grid.scrollLeft + grid.clientWidth) grid.scrollLeft = left + this.widths[at.column] - grid.clientWidth;
    this.measure();
    this.rows();
  }

  click(event) {
    const line = event.target.closest("[data-place]");
    if (!line) return;
    const cell = event.target.closest("[data-column]");
    this.at = { row: Number(line.dataset.place), column: cell ? Number(cell.dataset.column) : 0 };
    this.bench.pick(this.bench.order[this.at.row]);
  }
}

/** Conditions of one column, in a small window at its heading. */
class Popover {
  constructor(bench) {
    this.bench = bench;
    this.element = h("div", { class: "wb-popover", role: "dialog", hidden: true, onkeydown: (event) => event.key === "Escape" && this.close() });
  }

  open(name, opener) {
    const { bench } = this;
    const column = bench.frame.column(name);
    this.name = name;
    this.opener = name;
    const held = bench.filters.find((each) => each.column === name);
    const text = column.kind === "text";
    const operators = text ? ["in", "contains", "lacks", "eq", "empty", "filled"] : ["ge", "le", "eq", "in", "empty", "filled"];
    const few = this.words(column).length <= 2000;
    const first = held ? held.op : text ? (few && this.words(column).length <= 200 ? "in" : "contains") : name === "year" ? "in" : "ge";
    this.op = h("select", { "aria-label": "条件", onchange: () => this.inputs(column, null) }, options(operators.map((op) => [op, op === "in" ? "为其中之一" : OPERATORS[op]]), first));
    this.rest = h("div", { class: "wb-rest" });
    const form = h(
      "form",
      { onsubmit: (event) => (event.preventDefault(), this.apply(column)) },
      h("p", { class: "wb-name" }, column.title, column.meaning ? h("small", {}, column.meaning) : null),
      this.op,
      this.rest,
      h("p", { class: "wb-buttons" }, h("button", { type: "submit", class: "primary" }, "应用"), button("清除", () => this.clear()), button("关闭", () => this.close())),
    );
    this.element.replaceChildren(form);
    this.element.setAttribute("aria-label", `筛选${column.title}`);
    this.element.hidden = false;
    this.inputs(column, held);
    const [at, root] = [opener.getBoundingClientRect(), bench.element.getBoundingClientRect()];
    this.element.style.left = `${Math.max(4, Math.min(at.left - root.left, root.width - this.element.offsetWidth - 4))}px`;
    this.element.style.top = `${at.bottom - root.top + 4}px`;
    this.op.focus();
  }

  /** The words or values a column has, in their order. */
  words(column) {
    if (column.kind !== "text") return [...new Set(column.values)].filter((value) => value !== null).sort((a, b) => a - b);
    return column.ordered ? column.words : [...column.words].sort();
  }

  inputs(column, held) {
    const op = this.op.value;
    this.rest.replaceChildren();
    if (op === "empty" || op === "filled") return;
    if (op === "in") return this.list(column, new Set(held?.value ?? []));
    const shown = held && !Array.isArray(held.value) ? (column.kind === "ratio" ? Number((held.value * 100).toPrecision(12)) : held.value) : "";
    this.input = h("input", { type: "text", inputmode: column.kind === "text" ? "text" : "decimal", "aria-label": `${column.title}${OPERATORS[op]}`, value: shown });
    this.rest.append(this.input, column.kind === "ratio" ? "%" : "");
  }

  list(column, chosen) {
    this.chosen = chosen;
    const counts = this.bench.counts(this.name);
    const list = h("div", { class: "wb-choices", role: "group", "aria-label": "值" });
    const words = this.words(column);
    const show = (wanted) => {
      const there = words.filter((word) => this.said(column, word).toLowerCase().includes(wanted.toLowerCase()));
      list.replaceChildren(
        ...there.slice(0, 300).map((word) => {
          const box = h("input", { type: "checkbox", onchange: () => (box.checked ? chosen.add(word) : chosen.delete(word)) });
          box.checked = chosen.has(word);
          return h("label", {}, box, h("span", {}, this.said(column, word)), h("small", {}, String(counts.get(word) ?? 0)));
        }),
      );
      if (there.length > 300) list.append(h("p", {}, `另有${there.length - 300}个，请在上面查找`));
    };
    const find = h("input", { type: "search", placeholder: "查找值", "aria-label": "查找值", oninput: () => show(find.value) });
    this.rest.append(...(words.length > 8 ? [find] : []), list);
    show("");
  }

  said(column, word) {
    return word === "" ? EMPTY : this.bench.frame.written(column.name, word);
  }

  apply(column) {
    const op = this.op.value;
    const others = this.bench.filters.filter((each) => each.column !== this.name);
    if (op === "empty" || op === "filled") return this.done([...others, { column: this.name, op }]);
    if (op === "in") return this.done(this.chosen.size ? [...others, { column: this.name, op, value: this.words(column).filter((word) => this.chosen.has(word)) }] : others);
    let value = this.input.value;
    if (column.kind !== "text") {
      value = Number(value.replace(/[,，\s]/g, "").replace(/[%％]$/, "") || NaN);
      if (Number.isNaN(value)) return this.refuse("请填一个数");
      if (column.kind === "ratio") value = Number((value / 100).toPrecision(15));
    }
    return this.done(value === "" ? others : [...others, { column: this.name, op, value }]);
  }

  refuse(why) {
    this.input.setAttribute("aria-invalid", "true");
    this.rest.append(h("p", { class: "wb-wrong", role: "alert" }, why));
    this.input.focus();
  }

  done(filters) {
    this.bench.set({ filters });
    this.close();
  }

  clear() {
    this.done(this.bench.filters.filter((each) => each.column !== this.name));
  }

  close() {
    this.element.hidden = true;
    const place = this.bench.columns.indexOf(this.opener);
    this.bench.table.head.querySelectorAll(".wb-filter")[place]?.focus();
  }
}
