// Execution against completion, offices side by side, and one indicator over the years.

class Scatter {
  constructor(bench) {
    this.bench = bench;
    this.at = 0;
    this.title = h("h2", {});
    this.canvas = h("div", { class: "wb-plot", role: "group", tabindex: 0, onkeydown: (event) => this.key(event), onclick: (event) => this.click(event), onpointermove: (event) => this.point(event) });
    this.told = h("p", { class: "wb-told", "aria-live": "polite" });
    this.note = h("p", { class: "wb-note" });
    this.element = h("section", { class: "wb-panel", "aria-label": "执行率与完成率" }, this.title, h("p", { class: "wb-tools" }, bench.takeaway("执行与完成", () => ({ svg: this.svg, title: this.title.textContent, note: this.sentence }))), this.canvas, this.told, this.note);
  }

  draw() {
    const { bench } = this;
    const units = bench.units(["subdistrict", "name", "year"]);
    const inside = bench.units([]);
    this.points = [];
    let without = 0;
    for (const [key, tally] of units) {
      const unit = bench.scored.get(key);
      const rate = unit === undefined ? null : bench.scores.value("execution_rate", unit);
      if (rate === null || !tally.rows) without += 1;
      else this.points.push({ key, tally, rate, unit, chosen: inside.has(key) });
    }
    this.points.sort((a, b) => a.rate - b.rate || a.tally.low - b.tally.low);
    const chosen = this.points.filter((point) => point.chosen);
    this.title.textContent = `执行率与完成率：${chosen.length}个街道年度${chosen.length < this.points.length ? `（浅色为其余${this.points.length - chosen.length}个）` : ""}`;
    this.sentence = `横轴为全单位预算执行率，纵轴为所选指标的完成率，竖线为下限到上限。${without ? `另有${without}个街道年度没有执行率或未作评价，未画。` : ""}`;
    this.note.textContent = `${this.sentence}点一点即选定该街道该年。`;
    this.canvas.setAttribute("aria-label", `${this.title.textContent}：左右键逐点移动，回车选定`);
    this.paint(chosen);
  }

  paint(chosen) {
    const [width, height, left, right, bottom, top] = [480, 310, 46, 24, 36, 26];
    const [inner, tall] = [width - left - right, height - bottom - top];
    const rates = this.points.map((point) => point.rate);
    const lows = this.points.map((point) => point.tally.low);
    const step = (value) => Math.floor(value * 10 + 1e-9) / 10;
    const [x0, x1] = [Math.max(0, step(Math.min(0.9, ...rates))), Math.max(1, Math.ceil(Math.max(1, ...rates) * 10 - 1e-9) / 10)];
    const y0 = Math.max(0, step(Math.min(0.9, ...lows)));
    const x = (rate) => left + ((rate - x0) / (x1 - x0)) * inner;
    const y = (rate) => top + (1 - (rate - y0) / (1 - y0)) * tall;
    const ticks = (from, to) => Array.from({ length: Math.round((to - from) * 10) + 1 }, (_, n) => Math.round(from * 10 + n) / 10).filter((_, n, all) => all.length <= 7 || n % 2 === (all.length - 1) % 2);
    const axes = [
      ticks(x0, x1).map((tick) => [s("line", { x1: x(tick), x2: x(tick), y1: top, y2: height - bottom, class: "wb-rule" }), s("text", { x: x(tick), y: height - bottom + 15, "text-anchor": "middle", class: "wb-soft" }, percent(tick))]),
      ticks(y0, 1).map((tick) => [s("line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick), class: "wb-rule" }), s("text", { x: left - 5, y: y(tick) + 4, "text-anchor": "end", class: "wb-soft" }, percent(tick))]),
      s("text", { x: width - right, y: height - 3, "text-anchor": "end", class: "wb-soft" }, "预算执行率"),
      s("text", { x: 2, y: 12, class: "wb-soft" }, "完成率"),
    ];
    const named = this.points.map((point) => point.chosen && chosen.length <= 30);
    const [taken, many] = [[], this.points.length > 120];
    const points = this.points.filter((point) => point.chosen).map((point) => [x(point.rate), y(point.tally.low)]);
    const free = (from, to, at, own) => !taken.some((box) => from < box.to && to > box.from && Math.abs(at - box.at) < 13) && !points.some(([px, py]) => px !== own && px > from - 4 && px < to + 4 && Math.abs(py - at) < 9);
    const beside = (px, low, text) => { // the first place at a point where its name covers no other
      const wide = em(text) * 12;
      for (const [from, at] of [[px + 8, low], [px - 8 - wide, low], [px - wide / 2, low + 16], [px - wide / 2, low - 14]]) {
        if (from < left || from + wide > width || at > height - bottom || !free(from, from + wide, at, px)) continue;
        taken.push({ from, to: from + wide, at });
        return s("text", { x: from, y: at + 4, class: "wb-small" }, text);
      }
      return null;
    };
    const marks = [...this.points.keys()].sort((a, b) => this.points[a].chosen - this.points[b].chosen).map((place) => {
      const { rate, tally, chosen: on } = this.points[place];
      const [px, low, high] = [x(rate), y(tally.low), y(tally.high)];
      const active = place === this.at;
      const label = named[place] ? beside(px, low, this.named(place)) : null;
      return s(
        "g",
        { role: "button", class: `wb-point${on ? "" : " faded"}${active ? " wb-active" : ""}`, id: active ? unique("point") : null, "data-point": place, "aria-label": this.said(place) },
        s("title", {}, this.said(place)),
        s("line", { x1: px, x2: px, y1: low, y2: high, class: `wb-range${many ? " many" : ""}` }),
        s("circle", { cx: px, cy: low, r: many ? 3 : 4.5 }),
        label,
      );
    });
    this.svg = s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "wb-svg" }, axes, marks);
    this.canvas.replaceChildren(this.points.length ? this.svg : h("p", { class: "wb-none" }, "没有可画的街道年度。"));
    this.canvas.setAttribute("aria-activedescendant", this.svg.querySelector(".wb-active")?.id ?? "");
    this.told.textContent = this.points[this.at] && document.activeElement === this.canvas ? straight(this.said(this.at)) : "";
  }

  named(place) {
    const { scores } = this.bench;
    return `${scores.value("name", this.points[place].unit)}${scores.value("year", this.points[place].unit)}`;
  }

  said(place) {
    const { rate, tally } = this.points[place];
    return `${this.named(place)}年：执行率${percent(rate)}，${tally.said}`;
  }

  point(event) {
    const mark = event.target.closest("[data-point]");
    if (mark) this.told.textContent = straight(this.said(Number(mark.dataset.point)));
  }

  key(event) {
    if (event.target !== this.canvas || !this.points.length) return;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" || event.key === " ") this.choose(this.at);
    else if (step) this.at = Math.max(0, Math.min(this.points.length - 1, this.at + step));
    else return;
    event.preventDefault();
    this.draw();
  }

  click(event) {
    const mark = event.target.closest("[data-point]");
    if (mark) this.choose(Number(mark.dataset.point));
  }

  choose(place) {
    const { unit } = this.points[place];
    const { scores } = this.bench;
    this.at = place;
    this.bench.choose({ subdistrict: scores.value("subdistrict", unit), year: scores.value("year", unit) });
  }
}

/** Conditions that say which office and which of its goals, not which kind of indicator. */
const PLACES = ["subdistrict", "name", "year", "goal", "track", "district"];
const MEASURES = [
  ["execution_rate", "执行率", percent],
  ["completion", "完成率", percent],
  ["score", "复算得分", (value) => number(value)],
  ["declared_score", "自评得分", (value) => number(value)],
];

class Compare {
  constructor(bench) {
    this.bench = bench;
    this.title = h("h2", {});
    this.year = h("select", { "aria-label": "对比的年度", onchange: () => ((this.chosen = Number(this.year.value)), this.draw()) });
    this.add = h("select", { "aria-label": "加入对比的街道", onchange: () => this.add.value && bench.set({ compare: [...new Set([...this.offices(), this.add.value])] }) });
    this.chips = h("p", { class: "wb-chips", "aria-label": "对比的街道" });
    this.canvas = h("div", { class: "wb-plot wb-wide" });
    this.note = h("p", { class: "wb-note" });
    this.element = h("section", { class: "wb-panel wb-whole", "aria-label": "街道对比" }, this.title, h("p", { class: "wb-tools" }, this.add, " ", h("label", {}, "年度 ", this.year), bench.takeaway("街道对比", () => ({ svg: this.svg, title: this.title.textContent, note: this.note.textContent }))), this.chips, this.canvas, this.note);
  }

  /** Offices side by side: those put here, else those chosen. */
  offices() {
    if (this.bench.compare.length) return this.bench.compare;
    return this.bench.filters.find((each) => each.column === "subdistrict" && Array.isArray(each.value))?.value ?? [];
  }

  draw() {
    const { bench } = this;
    const chosen = bench.one("year");
    const year = chosen ?? (bench.years.includes(this.chosen) ? this.chosen : bench.years.at(-1));
    this.year.replaceChildren(...options(bench.years.map((each) => [each, String(each)]), year));
    this.year.disabled = chosen !== null;
    const offices = this.offices().filter((id) => bench.ids.has(id));
    this.add.replaceChildren(h("option", { value: "" }, "加入街道…"), ...options([...bench.ids].filter(([id]) => !offices.includes(id)), ""));
    this.chips.replaceChildren(...offices.map((id) => button(`${bench.ids.get(id)} ×`, () => bench.set({ compare: offices.filter((each) => each !== id) }), { "aria-label": `移出对比：${bench.ids.get(id)}` })));
    this.title.textContent = offices.length ? `街道对比：${offices.length}个街道，${year}年` : "街道对比";
    this.svg = s("svg", { width: 10, height: 10 });
    if (!offices.length) {
      this.canvas.replaceChildren(h("p", { class: "wb-none" }, "选定街道，或在上面加入几个街道，与全区的中位数和高低范围并列。"));
      this.note.textContent = "";
      return;
    }
    this.paint(offices, year);
  }

  /** Measures of an office-year as bounds; null where there is no figure. */
  figures(key, tally) {
    const unit = this.bench.scored.get(key);
    return MEASURES.map(([name]) => {
      if (name === "completion") return tally?.rows ? [tally.low, tally.high] : null;
      const value = unit === undefined ? null : this.bench.scores.value(name, unit);
      return value === null ? null : [value, value];
    });
  }

  paint(offices, year) {
    const { bench } = this;
    const units = bench.units(PLACES);
    const known = new Map();
    for (const id of bench.ids.keys()) known.set(id, this.figures(`${id} ${year}`, units.get(`${id} ${year}`)));
    const [label, column, step] = [150, 225, 34];
    const parts = MEASURES.map(([, name], place) => s("text", { x: label + place * column, y: 15, class: "wb-soft" }, name));
    const spread = MEASURES.map((_, place) => extent([...known.values()].map((figures) => figures[place])));
    offices.forEach((id, line) => {
      const y = 30 + line * step;
      const district = bench.districts.get(id);
      const peers = [...known.keys()].filter((each) => bench.districts.get(each) === district).map((each) => known.get(each));
      parts.push(s("text", { x: 2, y: y + 14 }, s("title", {}, `${district} ${bench.ids.get(id)}`), short(bench.ids.get(id), 10.5)));
      MEASURES.forEach((measure, place) => parts.push(this.strip(measure, known.get(id)[place], peers.map((figures) => figures[place]), spread[place], label + place * column, y, column, bench.ids.get(id))));
    });
    const height = 36 + offices.length * step;
    this.svg = s("svg", { width: label + column * MEASURES.length, height, class: "wb-svg", viewBox: `0 0 ${label + column * MEASURES.length} ${height}` }, parts);
    this.canvas.replaceChildren(this.svg);
    const there = [...bench.ids.keys()].filter((id) => bench.scored.has(`${id} ${year}`)).length;
    this.note.textContent = `浅色带为同一区县各街道的最低到最高，竖线为中位数（完成率取下限的中位数），圆点为该街道，横线为下限到上限。${year}年有${there}个街道，共${bench.ids.size}个。完成率${bench.filters.some(({ column }) => !PLACES.includes(column)) || bench.search ? "只算符合其他条件的指标" : "按全部指标计算"}。`;
  }

  strip([, name, written], own, peers, [from, to], x, y, column, office) {
    const wide = column - 100;
    const at = (value) => x + 4 + (to > from ? ((value - from) / (to - from)) * (wide - 8) : wide / 2);
    const there = peers.filter(Boolean);
    const [low, high] = extent(there);
    const middle = median(there.map(([value]) => value));
    const text = own ? (written === percent ? between(own[0], own[1]) : own[1] - own[0] < 1e-9 ? written(own[0]) : `${written(own[0])}—${written(own[1])}`) : "没有";
    const said = `${office} ${name}${text}；全区${there.length}个街道中位数${middle === null ? NONE : written(middle)}，${low === null ? "" : `${written(low)}—${written(high)}`}`;
    return s(
      "g",
      { role: "img", "aria-label": said },
      s("title", {}, said),
      there.length ? s("rect", { x: at(low) - 2, y: y + 4, width: at(high) - at(low) + 4, height: 12, class: "wb-band" }) : null,
      middle === null ? null : s("line", { x1: at(middle), x2: at(middle), y1: y + 1, y2: y + 19, class: "wb-median" }),
      own ? [s("line", { x1: at(own[0]), x2: at(own[1]), y1: y + 10, y2: y + 10, class: "wb-range" }), s("circle", { cx: at(own[0]), cy: y + 10, r: 5, class: "wb-dot" })] : null,
      s("text", { x: x + wide + 9, y: y + 14, class: "wb-small" }, text),
    );
  }
}

/** The lowest and highest of bounds; [null, null] without any. */
function extent(bounds) {
  const there = bounds.filter(Boolean);
  return there.length ? [Math.min(...there.map(([low]) => low)), Math.max(...there.map(([, high]) => high))] : [null, null];
}

/** One row: its sentence, its years, where it comes from, and the same indicator elsewhere. */
class Detail {
  constructor(bench) {
    this.bench = bench;
    this.body = h("div", {});
    this.element = h("section", { class: "wb-panel wb-whole wb-detail", "aria-label": "一项指标的由来", tabindex: -1 }, this.body);
  }

  draw() {
    const { bench } = this;
    const { frame, picked: row } = bench;
    this.element.hidden = row === null;
    if (row === null) return;
    const text = (name) => (frame.has(name) ? frame.text(name, row) : NONE);
    const years = this.series(row);
    const facts = [["计分", text("derivation")], ["结论", `${text("status")}（${text("why")}）`], ["偏差原因", text("reason")], ["改进措施", text("measure")], ["出处", `${text("file")} 第${text("row")}行`]];
    const parts = [
      h("h2", {}, `${text("indicator")}　${text("name")} ${text("year")}年`),
      h("p", { class: "wb-tools" }, button("关闭", () => bench.pick(null)), bench.takeaway("历年", () => ({ svg: this.svg, title: `${text("name")}：${text("indicator")}`, note: "完成程度（实际值相对目标值），横线为目标" }))),
      h("dl", {}, facts.map(([name, said]) => [h("dt", {}, name), h("dd", {}, said)])),
      this.chart(years),
      this.table(years, ["year", "indicator", "target", "actual", "attainment", "status", "points", "score", "derivation", "file", "row"], "历年"),
      this.others(row),
    ];
    this.body.replaceChildren(...parts.filter((part) => part !== null));
  }

  /** Rows of the same track, and those called alike whose definition broke, by year. */
  series(row) {
    const { frame } = this.bench;
    const [track, office, indicator] = ["track", "subdistrict", "indicator"].map((name) => frame.value(name, row));
    const found = [];
    for (let each = 0; each < frame.n; each++) {
      if (frame.value("subdistrict", each) !== office) continue;
      const same = track && frame.value("track", each) === track;
      if (each === row || same || (frame.value("indicator", each) === indicator && frame.value("goal", each) === frame.value("goal", row))) found.push({ row: each, same: each === row || same });
    }
    return found.sort((a, b) => frame.value("year", a.row) - frame.value("year", b.row) || a.row - b.row);
  }

  chart(series) {
    const { frame, years } = this.bench;
    const [width, height, left, top, bottom] = [560, 200, 48, 28, 40];
    const known = series.map(({ row, same }) => ({ row, same, year: frame.value("year", row), value: frame.value("attainment", row) }));
    const there = known.filter(({ value }) => value !== null);
    const most = Math.max(1.1, ...there.map(({ value }) => Math.min(value, 2)));
    const least = Math.min(0.9, ...there.map(({ value }) => value));
    const x = (year) => left + ((years.indexOf(year) + 0.5) / years.length) * (width - left - 10);
    const y = (value) => top + ((most - Math.min(value, most)) / (most - least)) * (height - top - bottom);
    const parts = [s("line", { x1: left, x2: width - 10, y1: y(1), y2: y(1), class: "wb-median" }), s("text", { x: left - 5, y: y(1) + 4, "text-anchor": "end", class: "wb-soft" }, "目标"), years.map((year) => s("text", { x: x(year), y: height - 6, "text-anchor": "middle", class: "wb-soft" }, String(year)))];
    known.forEach((point, place) => {
      const before = known[place - 1];
      if (before && before.value !== null && point.value !== null && before.same && point.same && years.indexOf(point.year) === years.indexOf(before.year) + 1) parts.push(s("line", { x1: x(before.year), y1: y(before.value), x2: x(point.year), y2: y(point.value), class: "wb-line-of" }));
      if (before && before.same !== point.same) parts.push(s("line", { x1: (x(before.year) + x(point.year)) / 2, x2: (x(before.year) + x(point.year)) / 2, y1: top, y2: height - bottom, class: "wb-doubt-line" }), s("text", { x: (x(before.year) + x(point.year)) / 2, y: top + 2, "text-anchor": "middle", class: "wb-small" }, "口径变更"));
    });
    known.forEach(({ row, year, value }, place) => {
      const beside = [known[place - 1], known[place + 1]].filter((each) => each && each.value !== null);
      const below = beside.length > 0 && beside.every((each) => each.value > value);
      const verdict = this.bench.verdicts[row];
      const at = value === null ? height - bottom - 8 : y(value);
      if (value !== null) parts.push(s("circle", { cx: x(year), cy: at, r: 5, class: `wb-verdict-dot v${verdict}` }));
      parts.push(s("text", { x: x(year), y: value === null ? at : below ? at + 18 : at - 9, "text-anchor": "middle", class: "wb-small" }, value === null ? `${MARKS[verdict]} ${VERDICTS[verdict]}` : `${MARKS[verdict]} ${percent(value)}${value > most ? "↑" : ""}`));
    });
    const said = known.map(({ year, value, row }) => `${year}年${VERDICTS[this.bench.verdicts[row]]}${value === null ? "" : percent(value)}`).join("，");
    this.svg = s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, class: "wb-svg", role: "img", "aria-label": `历年完成程度：${said}` }, parts);
    if (!there.length) return h("p", { class: "wb-note" }, `没有可以计算的完成程度：${said}`);
    return h("figure", {}, h("figcaption", {}, `历年完成程度：${said}`), this.svg);
  }

  table(series, names, caption) {
    const { frame, picked } = this.bench;
    const shown = names.filter((name) => frame.has(name));
    return h(
      "div",
      { class: "wb-wide" },
      h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, shown.map((name) => h("th", { scope: "col", class: frame.column(name).kind }, frame.column(name).title)))), h("tbody", {}, series.map(({ row, same }) => h("tr", { class: `${row === picked ? "picked" : ""}` }, shown.map((name) => h("td", { class: frame.column(name).kind }, frame.text(name, row), name === "year" && same === false ? "（口径不同）" : null)))))),
    );
  }

  others(row) {
    const { frame } = this.bench;
    if (!frame.has("common")) return null;
    const common = frame.value("common", row);
    if (!common) return null;
    const found = [];
    for (let each = 0; each < frame.n; each++) if (frame.value("common", each) === common && frame.value("subdistrict", each) !== frame.value("subdistrict", row) && frame.value("year", each) === frame.value("year", row)) found.push({ row: each });
    if (!found.length) return null;
    return h("details", {}, h("summary", {}, `同一指标在同年其他${found.length}个街道`), this.table(found, ["name", "year", "indicator", "target", "actual", "attainment", "status", "score", "file", "row"], "其他街道"));
  }
}
