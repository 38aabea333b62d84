// The heat map and way down: districts, offices, goals or indicators by year. Colour and figures tell completion as bounds.

const STEP = 24;
const LEVELS = [
  ["district", "区县"],
  ["subdistrict", "街道"],
  ["goal", "年度目标"],
  ["category", "一级指标"],
  ["track", "指标"],
];

class Heat {
  constructor(bench) {
    this.bench = bench;
    this.at = { row: 0, column: 0 };
    this.measured = { top: 0, room: 330, wide: 540 };
    this.level = h("select", { "aria-label": "热力图的行", onchange: () => bench.set({ level: this.level.value }) });
    this.lowest = h("input", { type: "checkbox", onchange: () => this.draw() });
    this.title = h("h2", {});
    this.canvas = h("div", { class: "wb-canvas" });
    this.scroller = h("div", {
      class: "wb-scroll", role: "grid", tabindex: 0, onscroll: () => this.scrolled(), onkeydown: (event) => this.key(event), onclick: (event) => this.click(event),
    }, this.canvas);
    this.note = h("p", { class: "wb-note" });
    this.element = h(
      "section",
      { class: "wb-panel", "aria-label": "热力图" },
      this.title,
      h("p", { class: "wb-tools" }, h("label", {}, "行 ", this.level), h("label", {}, this.lowest, " 完成率低的在前"), bench.takeaway("热力图", () => this.whole())),
      this.scroller,
      this.note,
    );
  }

  /** The level shown: the one asked for, else the next one down from what is chosen. */
  next() {
    const { bench } = this;
    if (bench.level && bench.frame.has(bench.level)) return bench.level;
    if (bench.one("goal") !== null || bench.one("track") !== null) return "track";
    if (bench.one("subdistrict") !== null) return "goal";
    if (!bench.frame.has("district") || bench.only("subdistrict")) return "subdistrict";
    const { codes } = bench.frame.column("district");
    const keep = bench.mask(["year"]);
    return new Set(codes.filter((_, row) => keep[row])).size > 1 ? "district" : "subdistrict";
  }

  draw() {
    const { bench } = this;
    const level = (this.now = this.next());
    this.level.replaceChildren(...options([["", "随下钻"], ...LEVELS.filter(([name]) => bench.frame.has(name))], bench.level));
    this.compute(level);
    const what = LEVELS.find(([name]) => name === level)[1];
    this.title.textContent = straight(`${this.office ? `${this.office}：` : ""}各${what}各年的指标完成率（${this.groups.length}个${level === "track" ? "指标" : what}）`);
    this.scroller.setAttribute("aria-label", `${this.title.textContent}：方向键移动，回车选定`);
    this.scroller.setAttribute("aria-rowcount", this.groups.length + 1);
    this.scroller.setAttribute("aria-colcount", bench.years.length + 1);
    this.sentence = level === "track"
      ? "格内为结论和完成程度；空格为该年没有这项（口径变更的另起一行）。点名称或格，其他各图随之而变。"
      : "格内为完成率；有凭申报完成或无法判定的，左右两半为下限和上限；“无”为没有指标，“未评价”为没有填报或均无法判定的文件。";
    this.note.textContent = `${this.sentence}点名称或格，其他各图随之而变。`;
    this.at.row = Math.max(0, Math.min(this.at.row, this.groups.length - 1));
    this.paint();
  }

  compute(level) {
    const { bench } = this;
    const { frame } = bench;
    const keep = bench.mask([level, "year", ...(level === "subdistrict" ? ["name"] : [])]);
    const { codes, words } = frame.column(level);
    const groups = new Map();
    for (let row = 0; row < frame.n; row++) {
      if (!keep[row]) continue;
      const alone = level === "track" && !words[codes[row]];
      const code = alone ? -2 - row : codes[row];
      let group = groups.get(code);
      if (!group) groups.set(code, (group = { value: alone ? null : frame.value(level, row), cells: bench.years.map(() => ({ tally: new Tally(), row: -1 })), offices: new Set(), first: row }));
      const cell = group.cells[bench.yearOf[row]];
      cell.tally.add(bench.verdicts[row], bench.rated[row]);
      cell.row = row;
      group.offices.add(frame.value("subdistrict", row));
      group.last = row;
    }
    this.groups = [...groups.values()];
    const offices = new Set(this.groups.flatMap((group) => [...group.offices]));
    this.office = (level === "goal" || level === "track" || level === "category") && offices.size === 1 ? bench.ids.get([...offices][0]) : "";
    for (const group of this.groups) {
      group.label = this.named(level, group);
      group.shown = this.office ? group.label.slice(0, -this.office.length - 1) : group.label;
    }
    if (this.lowest.checked) {
      const rate = (group) => group.cells.map((cell) => cell.tally.low).filter((low) => low !== null).at(-1) ?? 2;
      this.groups.sort((a, b) => rate(a) - rate(b));
    }
  }

  /** What a row is called: always with its office, where it is of one, or of how many. */
  named(level, group) {
    const { frame, ids } = this.bench;
    if (level === "district") return group.value || "（未列区县）";
    if (level === "subdistrict") return ids.get(group.value) ?? group.value;
    const name = level === "track" ? frame.value("indicator", group.last) : group.value;
    const whose = group.offices.size === 1 ? ids.get([...group.offices][0]) : `${group.offices.size}个街道`;
    return `${name || "（未列目标）"}　${whose}`;
  }

  /** Widths of the names and of a cell: the names give way to the years, as far as they can be read. */
  get sides() {
    const cell = this.now === "track" ? 74 : 86;
    const [least, most] = this.now === "track" || this.now === "goal" ? [170, 270] : [130, 170];
    const room = this.measured.wide - this.bench.years.length * cell - 6;
    return { cell, label: Math.max(least, Math.min(most, room)) };
  }

  paint() {
    const { label, cell } = this.sides;
    const { years } = this.bench;
    const width = label + years.length * cell + 4;
    const seen = Math.ceil(this.measured.room / STEP);
    const first = Math.max(0, Math.min(Math.floor(this.measured.top / STEP), this.groups.length - seen) - 6);
    const last = Math.min(this.groups.length, first + seen + 12);
    const height = (this.groups.length + 1) * STEP + 4;
    this.canvas.style.height = `${height}px`;
    this.canvas.style.width = `${width}px`;
    const body = s("svg", { width, height: (last - first) * STEP + 2, class: "wb-svg", role: "presentation" }, this.groups.slice(first, last).map((group, place) => this.line(group, first + place, place * STEP)));
    const head = s("svg", { width, height: STEP, class: "wb-svg wb-stick", role: "row" }, this.heading());
    body.style.transform = `translateY(${first * STEP}px)`;
    this.canvas.replaceChildren(head, body);
    const active = body.querySelector(".wb-active");
    this.scroller.setAttribute("aria-activedescendant", active ? active.id : "");
    if (!this.groups.length) this.canvas.append(h("p", { class: "wb-none" }, "没有符合的指标。"));
  }

  heading() {
    const { label, cell } = this.sides;
    return this.bench.years.map((year, place) => s("text", { x: label + place * cell + cell / 2, y: 16, "text-anchor": "middle", class: "wb-soft", role: "columnheader" }, String(year)));
  }

  line(group, place, y) {
    const { label } = this.sides;
    const { bench } = this;
    const chosen = bench.one(this.now) === group.value && group.value !== null;
    const active = this.at.row === place && this.at.column === 0;
    const name = s(
      "g",
      { role: "rowheader", class: `wb-name${chosen ? " chosen" : ""}${active ? " wb-active" : ""}`, id: active ? unique("heat") : null, "data-row": place, "data-column": 0, "aria-label": group.label },
      s("title", {}, group.label),
      s("rect", { x: 0, y: y + 1, width: label - 4, height: STEP - 2, class: "wb-hit" }),
      s("text", { x: 4, y: y + 17 }, short(group.shown, (label - 14) / 13)),
    );
    return s("g", { role: "row", "aria-rowindex": place + 2 }, name, group.cells.map((cell, column) => this.cell(group, cell, place, column, y)));
  }

  cell(group, { tally, row }, place, column, y) {
    const { label, cell } = this.sides;
    const { bench } = this;
    const [x, wide, tall] = [label + column * cell + 1, cell - 2, STEP - 2];
    const year = bench.years[column];
    const active = this.at.row === place && this.at.column === column + 1;
    const chosen = tally.all && bench.one("year") === year && [null, group.value].includes(bench.one(this.now));
    const said = `${group.label} ${year}年 ${tally.said}`;
    const shade = (low, from, size) => s("rect", { x: x + from, y: y + 1, width: size, height: tall, class: "wb-shade", "fill-opacity": 0.08 + 0.5 * low ** 3 });
    const parts = [s("title", {}, said), s("rect", { x, y: y + 1, width: wide, height: tall, class: tally.all ? "wb-hit" : "wb-empty" })];
    let text = tally.unrated ? "未评价" : this.now === "track" ? "" : "无";
    if (this.now === "track" && tally.all === 1) {
      const verdict = bench.verdicts[row];
      parts.push(s("rect", { x, y: y + 1, width: wide, height: tall, class: `wb-verdict v${verdict}` }));
      const reached = bench.frame.value("attainment", row);
      text = `${MARKS[verdict]} ${reached === null ? VERDICTS[verdict] : percent(reached, true)}`;
    } else if (tally.rows) {
      const [low, high] = [tally.low, tally.high];
      if (high - low < 1e-9) parts.push(shade(low, 0, wide));
      else parts.push(shade(low, 0, wide / 2), shade(high, wide / 2, wide / 2), [y + 1, y + tall - 3].map((from) => s("line", { x1: x + wide / 2, x2: x + wide / 2, y1: from, y2: from + 4, class: "wb-doubt-line" })));
      text = low === 0 && high === 1 ? "? 0—100%" : high - low < 1e-9 ? percent(low, true) : `${percent(low, true).replace("%", "")}—${percent(high, true)}`;
    }
    parts.push(s("text", { x: x + wide / 2, y: y + 17, "text-anchor": "middle" }, text));
    return s("g", { role: "gridcell", class: `wb-tile${chosen ? " chosen" : ""}${active ? " wb-active" : ""}`, id: active ? unique("heat") : null, "data-row": place, "data-column": column + 1, "aria-label": said }, parts);
  }

  /** All of it as one drawing, for a file. */
  whole() {
    const { label, cell } = this.sides;
    const svg = s("svg", { class: "wb-svg", width: label + this.bench.years.length * cell + 4, height: (this.groups.length + 1) * STEP + 4 });
    svg.append(...this.heading(), ...this.groups.map((group, place) => this.line(group, place, (place + 1) * STEP)));
    return { svg, title: this.title.textContent, note: this.sentence };
  }

  measure() {
    const { scrollTop: top, clientWidth, clientHeight } = this.scroller;
    this.measured = { top, wide: clientWidth || 540, room: Math.max(clientHeight, 330) };
  }

  scrolled() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.measure();
      this.paint();
    });
  }

  key(event) {
    if (event.target !== this.scroller || !this.groups.length) return;
    if (event.key === "Enter" || event.key === " ") this.choose(this.at.row, this.at.column);
    else if (!moved(event.key, this.at, this.groups.length, this.bench.years.length + 1, 10)) return;
    event.preventDefault();
    const [top, room] = [this.at.row * STEP, this.scroller.clientHeight - 2 * STEP];
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top > this.scroller.scrollTop + room) this.scroller.scrollTop = top - room;
    this.measure();
    this.paint();
  }

  click(event) {
    const part = event.target.closest("[data-row]");
    if (!part) return;
    this.at = { row: Number(part.dataset.row), column: Number(part.dataset.column) };
    this.choose(this.at.row, this.at.column);
  }

  choose(place, column) {
    const group = this.groups[place];
    const year = column ? this.bench.years[column - 1] : null;
    if (column && !group.cells[column - 1].tally.all) return;
    const level = this.now;
    const row = column ? group.cells[column - 1].row : group.last;
    if (group.value === null) return this.bench.pick(row); // an indicator whose other years are not known
    this.bench.choose({ [level]: group.value, year }, level === "track" ? row : null);
    this.at.row = Math.max(0, this.groups.findIndex((each) => each.value === group.value));
  }
}
