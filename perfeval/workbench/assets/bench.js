// The workbench: one choice, several views of it, and whoever keeps what is taken away (JupyterLab's kernel, or the browser).

const SHOWN = ["name", "year", "goal", "category", "indicator", "target", "actual", "attainment", "status", "score", "lost", "declared_score"];
const SYNTHETIC = "示例数据：由程序虚构，不反映任何真实单位";
const HIDDEN = ["subdistrict", "common", "track"];
const SINGLE = [["district", "区县"], ["subdistrict", "街道"], ["goal", "目标"], ["track", "指标"], ["year", "年度"]];
const EVALUATED = "已复算";
const fresh = () => ({ filters: [], search: "", sort: [], columns: [], compare: [], level: "", picked: null });

class Bench {
  constructor(data, host) {
    this.host = host;
    this.meta = data.meta;
    this.frame = new Frame(data.rows);
    this.scores = new Frame(data.scores);
    this.index();
    const { columns, ...rest } = fresh();
    Object.assign(this, rest, { asked: columns });
    this.table = new Table(this);
    this.popover = new Popover(this);
    this.heat = new Heat(this);
    this.scatter = new Scatter(this);
    this.compared = new Compare(this);
    this.detail = new Detail(this);
    this.element = h("div", { class: "wb", lang: "zh-CN" }, this.top(), h("div", { class: "wb-panels" }, this.heat.element, this.scatter.element, this.compared.element), this.bar(), this.table.element, this.detail.element, this.bottom(), this.popover.element);
    this.element.addEventListener("pointerdown", ({ target }) => {
      if (!target.closest(".wb-popover, .wb-filter")) this.popover.element.hidden = true;
      if (!target.closest(".wb-columns")) this.element.querySelector(".wb-columns").open = false;
    });
    this.size = new ResizeObserver(() => this.resized());
    this.size.observe(this.element);
    this.size.observe(this.table.grid);
  }

  resized() {
    for (const view of [this.table, this.heat]) view.measure();
    if (!this.order) return;
    this.table.rows();
    this.heat.paint();
  }

  index() {
    const { frame, scores } = this;
    this.years = [...new Set([...frame.column("year").values, ...scores.column("year").values])].sort((a, b) => a - b);
    const places = new Map(this.years.map((year, place) => [year, place]));
    this.yearOf = frame.column("year").values.map((year) => places.get(year));
    const verdicts = frame.column("status").words.map((word) => VERDICTS.indexOf(word));
    this.verdicts = frame.column("status").codes.map((code) => (code < 0 || verdicts[code] < 0 ? UNDECIDED : verdicts[code]));
    this.scored = new Map();
    this.ids = new Map();
    this.districts = new Map();
    for (const each of [scores, frame]) {
      for (let row = 0; row < each.n; row++) {
        const id = each.value("subdistrict", row);
        if (each === scores) this.scored.set(`${id} ${each.value("year", row)}`, row);
        if (this.ids.has(id)) continue;
        this.ids.set(id, each.value("name", row) || id);
        this.districts.set(id, each.value("district", row) ?? "");
      }
    }
    const evaluated = (row) => {
      const unit = this.scored.get(`${frame.value("subdistrict", row)} ${frame.value("year", row)}`);
      const state = unit === undefined ? null : scores.value("state", unit);
      return state === null || state === EVALUATED;
    };
    this.rated = this.verdicts.map((_, row) => evaluated(row));
    this.labels = new Map();
    if (frame.has("track")) for (let row = 0; row < frame.n; row++) this.labels.set(frame.value("track", row), frame.value("indicator", row));
  }

  // ---- what is chosen

  get state() {
    const picked = this.picked === null ? null : { file: this.frame.value("file", this.picked), row: this.frame.value("row", this.picked) };
    const { filters, search, sort, compare, level } = this;
    return { filters, search, sort, columns: this.asked, compare, level, picked };
  }

  get columns() {
    return this.asked.length ? this.asked : SHOWN.filter((name) => this.frame.has(name));
  }

  /** Takes a whole choice, as a view was saved. */
  open(choice) {
    const next = { ...fresh(), ...choice };
    this.asked = next.columns.filter((name) => this.frame.has(name));
    const { picked } = next;
    delete next.columns;
    Object.assign(this, next, { picked: null });
    if (picked) for (let row = 0; row < this.frame.n && this.picked === null; row++) if (this.frame.value("file", row) === picked.file && this.frame.value("row", row) === picked.row) this.picked = row;
    this.find.value = this.search;
    this.refresh(false);
  }

  set(change) {
    if (change.columns) this.asked = change.columns;
    delete change.columns;
    Object.assign(this, change);
    this.refresh();
  }

  /** The one value a column is held to, else null. */
  one(name) {
    const held = this.filters.find((each) => each.column === name && (each.op === "in" || each.op === "eq"));
    if (!held) return null;
    const values = Array.isArray(held.value) ? held.value : [held.value];
    return values.length === 1 ? values[0] : null;
  }

  /** Whether a column is held to some values. */
  only(name) {
    return this.filters.some((each) => each.column === name);
  }

  /** Narrows to one value each; null lets go of a column. Choosing again what is chosen lets go of it. */
  choose(values, picked = null) {
    const again = Object.entries(values).every(([name, value]) => this.one(name) === value) && this.picked === picked;
    const kept = this.filters.filter((each) => !(each.column in values));
    const added = again ? [] : Object.entries(values).filter(([, value]) => value !== null).map(([column, value]) => ({ column, op: "in", value: [value] }));
    const hidden = this.picked === null && picked !== null && !again;
    this.set({ filters: [...kept, ...added], picked: again ? null : picked });
    if (hidden) this.detail.element.scrollIntoView({ block: "nearest" });
  }

  pick(row, go = false) {
    const hidden = this.picked === null;
    this.picked = row;
    this.refresh();
    if (hidden && row !== null) this.detail.element.scrollIntoView({ block: "nearest" });
    if (go) this.detail.element.focus();
    if (row === null) this.table.grid.focus();
  }

  mask(without = []) {
    return this.frame.mask(this.filters.filter((each) => !without.includes(each.column)), this.search, this.meta.searched);
  }

  /** Tallies by office-year of the rows chosen, without the conditions on some columns. */
  units(without) {
    const keep = this.mask(without);
    const codes = this.frame.column("subdistrict").codes;
    const found = new Map();
    for (let row = 0; row < this.frame.n; row++) {
      if (!keep[row]) continue;
      const key = codes[row] * 4096 + this.yearOf[row];
      let tally = found.get(key);
      if (!tally) found.set(key, (tally = new Tally()));
      tally.add(this.verdicts[row], this.rated[row]);
    }
    const words = this.frame.column("subdistrict").words;
    return new Map([...found].map(([key, tally]) => [`${words[Math.floor(key / 4096)]} ${this.years[key % 4096]}`, tally]));
  }

  /** How many rows there are of each value of a column, under the other conditions. */
  counts(name) {
    const keep = this.mask([name]);
    const column = this.frame.column(name);
    const found = new Map();
    for (let row = 0; row < this.frame.n; row++) {
      if (!keep[row]) continue;
      const value = column.kind === "text" ? column.words[column.codes[row]] : column.values[row];
      found.set(value, (found.get(value) ?? 0) + 1);
    }
    return found;
  }

  /** Figures of what is chosen: counts, bounds, and money of the office-years in it, with how many have any. */
  figures() {
    const tally = new Tally();
    for (const row of this.order) tally.add(this.verdicts[row], this.rated[row]);
    const units = this.units([]);
    let [budget, executed, known] = [0, 0, 0];
    for (const key of units.keys()) {
      const unit = this.scored.get(key);
      const pair = unit === undefined ? [] : [this.scores.value("budget", unit), this.scores.value("executed", unit)];
      if (pair.length && pair[0] !== null && pair[1] !== null) {
        budget += pair[0];
        executed += pair[1];
        known += 1;
      }
    }
    return { tally, units: units.size, offices: new Set([...units.keys()].map((key) => key.slice(0, key.lastIndexOf(" ")))).size, budget, executed, known, rate: known && budget > 0 ? executed / budget : null };
  }

  refresh(tell = true) {
    const begun = performance.now();
    this.table.measure();
    this.heat.measure();
    const keep = this.mask();
    const order = [];
    for (let row = 0; row < this.frame.n; row++) if (keep[row]) order.push(row);
    if (this.picked !== null && !keep[this.picked]) this.picked = null;
    this.order = this.frame.sorted(order, this.sort);
    this.said = this.filters.length > 0 || this.search !== "";
    this.summary();
    this.crumbs();
    for (const view of [this.table, this.heat, this.scatter, this.compared, this.detail]) view.draw();
    this.element.dataset.milliseconds = (performance.now() - begun).toFixed(1);
    if (tell) this.host.changed(this.state);
  }

  // ---- the frame around the views

  top() {
    this.find = h("input", { type: "search", placeholder: "查找街道、目标、指标、目标值…", "aria-label": "全表查找", oninput: () => { clearTimeout(this.typing); this.typing = setTimeout(() => this.set({ search: this.find.value.trim() }), 120); } });
    this.path = h("ol", { class: "wb-path" });
    this.chips = h("p", { class: "wb-chips" });
    this.figuresLine = h("p", { class: "wb-figures", role: "status" });
    return h("header", { class: "wb-top" },
      this.meta.synthetic ? h("p", { class: "wb-synthetic", role: "note" }, SYNTHETIC) : null,
      h("p", { class: "wb-source" }, this.meta.source),
      h("div", { class: "wb-row" }, h("nav", { "aria-label": "所在位置" }, this.path), this.find),
      this.chips, this.figuresLine);
  }

  crumbs() {
    const levels = SINGLE.map(([name, title], place) => ({ name, title, place, value: this.one(name) })).filter(({ value }) => value !== null);
    const back = (place) => this.set({ filters: this.filters.filter((each) => { const at = SINGLE.findIndex(([name]) => name === each.column); return at >= 0 && at <= place; }), search: "", picked: null });
    const items = [button("全部", () => (this.find.value = "", this.set({ filters: [], search: "", picked: null })), { "aria-label": "回到全部" }), ...levels.map(({ name, title, value, place }) => button(this.shownAs(name, value), () => back(place), { title: `回到这个${title}`, "aria-label": `回到${title}：${this.shownAs(name, value)}` }))];
    this.path.replaceChildren(...items.map((item, place) => (place === items.length - 1 && item.setAttribute("aria-current", "page"), h("li", {}, item))));
    const chips = this.filters.map((each) => button(`${this.described(each)} ×`, () => this.set({ filters: this.filters.filter((other) => other !== each) }), { "aria-label": `去掉条件：${this.described(each)}` }));
    if (this.search) chips.push(button(`查找“${this.search}” ×`, () => (this.find.value = "", this.set({ search: "" })), { "aria-label": "去掉查找" }));
    this.chips.replaceChildren(...(chips.length ? ["条件：", ...chips] : ["没有条件：全部行都在下面。"]));
  }

  shownAs(name, value) {
    if (value === "") return EMPTY;
    if (name === "subdistrict") return this.ids.get(value) ?? value;
    if (name === "track") return this.labels.get(value) ?? value;
    return this.frame.column(name)?.kind === "ratio" ? percent(value) : String(value);
  }

  /** A condition in words; of many values the first, where it need not be whole. */
  described({ column, op, value }, whole = false) {
    const title = this.frame.column({ subdistrict: "name", track: "indicator" }[column] ?? column)?.title ?? column;
    const values = op === "empty" || op === "filled" ? [] : Array.isArray(value) ? value : [value];
    const shown = values.slice(0, whole || values.length <= 4 ? values.length : 3).map((each) => this.shownAs(column, each));
    return `${title}${OPERATORS[op]}${shown.join("、")}${shown.length < values.length ? `等${values.length}个` : ""}`;
  }

  get sentence() {
    return [...this.filters.map((each) => this.described(each, true)), ...(this.search ? [`查找“${this.search}”`] : [])].join("；") || "全部";
  }

  summary() {
    const all = this.figures();
    this.last = all;
    const money = all.rate === null ? "没有执行率" : `全单位执行率${percent(all.rate)}（${number(all.executed)}／${number(all.budget)}万元，${all.known}／${all.units}个街道年度）`;
    this.figuresLine.replaceChildren(
      h("strong", { class: "wb-count" }, `显示${number(this.order.length, 0)}行，共${number(this.frame.n, 0)}行`),
      h("span", {}, `${all.offices}／${this.ids.size}个街道，${all.units}个街道年度`),
      h("span", {}, all.tally.rows ? `完成率${between(all.tally.low, all.tally.high)}` : "没有指标"),
      ...all.tally.verdicts.map((count, verdict) => (count ? h("span", {}, h("span", { class: `wb-mark v${verdict}`, "aria-hidden": "true" }, MARKS[verdict]), `${VERDICTS[verdict]}${number(count, 0)}项`) : "")),
      all.tally.unrated ? h("span", {}, `另${number(all.tally.unrated, 0)}项所在的文件未作评价，不计完成率`) : "",
      h("span", {}, money),
    );
  }

  /** Columns to show, and what is seen as a file. */
  bar() {
    const list = h("div", { class: "wb-choices", role: "group", "aria-label": "显示的列" });
    const names = [...this.frame.columns.keys()].filter((name) => !HIDDEN.includes(name));
    const show = () => list.replaceChildren(...names.map((name) => {
      const box = h("input", { type: "checkbox", onchange: () => {
        const next = names.filter((each) => (each === name ? box.checked : this.columns.includes(each)));
        const order = [...this.columns.filter((each) => next.includes(each)), ...next.filter((each) => !this.columns.includes(each))];
        this.set({ columns: order.length ? order : ["name"] });
      } });
      box.checked = this.columns.includes(name);
      return h("label", {}, box, h("span", {}, this.frame.column(name).title));
    }));
    const chooser = h("details", { class: "wb-columns", ontoggle: show, onkeydown: (event) => event.key === "Escape" && (chooser.open = false) }, h("summary", {}, "列"), list);
    this.answer = h("span", { class: "wb-answer", role: "status" });
    return h("p", { class: "wb-bar" }, chooser, this.host.buttons(this), this.answer);
  }

  bottom() {
    return h("footer", { class: "wb-note" }, h("details", {}, h("summary", {}, "怎么用"), h("p", {}, "热力图的名称或格、散点的点和上面的“所在位置”逐级往下看、往回走；列标题排序（按住Shift再点加一列），标题右边的▾筛选；表格里方向键移动、回车看由来。完成率是区间时：下限只算完成的，上限加上凭申报完成和无法判定的。执行率按金额加总后相除。")));
  }

  tell(text, wrong = false) {
    this.answer.textContent = text;
    this.answer.classList.toggle("wrong", wrong);
  }

  /** Buttons that save a chart as PNG and SVG, with its title and source. */
  takeaway(name, drawing) {
    const save = async (kind) => {
      const { svg, title, note } = drawing();
      const held = svg.isConnected;
      if (!held) this.element.append(svg);
      this.element.classList.add("wb-file"); // files are read on paper and slides: always light
      const whole = standalone(svg, title, [...(this.meta.synthetic ? [SYNTHETIC] : []), `筛选：${this.sentence}`, this.meta.source, note]);
      this.element.classList.remove("wb-file");
      if (!held) svg.remove();
      const file = kind === "svg" ? new Blob([whole.text], { type: "image/svg+xml" }) : await picture(whole);
      if (file === null) this.tell(`“${name}”太大，存成PNG看不清：请先筛选，或存为SVG`, true);
      else await this.host.save(this, `${name}.${kind}`, file);
    };
    return h("span", { class: "wb-take" }, button("PNG", () => save("png"), { "aria-label": `${name}存为PNG` }), button("SVG", () => save("svg"), { "aria-label": `${name}存为SVG` }));
  }

  /** What is seen as CSV: who and what first, a byte order mark for Excel. */
  csv() {
    const quote = (value) => {
      const text = value === null || value === undefined ? "" : String(value);
      const inert = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
      return /[",\r\n]/.test(inert) ? `"${inert.replace(/"/g, '""')}"` : inert;
    };
    const lines = [...this.meta.header, `筛选：${this.sentence}`, `行数：${this.order.length}，共${this.frame.n}`].map((line) => [line]);
    const { columns, frame } = this;
    const rows = this.order.map((row) => columns.map((name) => frame.value(name, row)));
    return `\ufeff${[...lines, [], columns.map((name) => frame.column(name).title), ...rows].map((line) => line.map(quote).join(",")).join("\r\n")}\r\n`;
  }
}

/** Where nothing but a browser is: files are downloaded, nothing is told to anybody. */
const ALONE = {
  changed() {},
  buttons: (bench) => [button("CSV", () => ALONE.save(bench, "所选指标.csv", new Blob([bench.csv()], { type: "text/csv" })))],
  save(bench, name, file) {
    const link = h("a", { href: URL.createObjectURL(file), download: name });
    bench.element.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    bench.tell(`已下载${name}`);
  },
};

const SILENT = "内核还没有答复：正忙的请等一等；重启过的，请重新运行这一格。";
const PATIENCE = 5000;

/** JupyterLab: the kernel hears of the choice and keeps the files under outputs. */
function jupyter(model) {
  let waiting = 0; // for an answer that a kernel that was restarted never gives
  const ask = (bench, what, extra = {}, buffers = []) => {
    bench.tell("…");
    clearTimeout(waiting);
    waiting = setTimeout(() => bench.tell(SILENT, true), PATIENCE);
    model.set("choice", bench.state);
    model.save_changes();
    model.send({ what, ...extra }, undefined, buffers);
  };
  return {
    answered: () => clearTimeout(waiting),
    changed(state) {
      model.set("choice", state);
      model.save_changes();
    },
    buttons(bench) {
      const name = h("input", { type: "text", placeholder: "视图名称", "aria-label": "视图名称", maxlength: 60 });
      const views = h("select", { "aria-label": "打开已存的视图", onchange: () => views.value && ask(bench, "open", { name: views.value }) });
      const list = () => views.replaceChildren(h("option", { value: "" }, "打开视图…"), ...options(model.get("views").map((each) => [each, each]), ""));
      model.on("change:views", list);
      list();
      const only = h("input", { type: "checkbox" });
      return [
        button("存为xlsx", () => ask(bench, "xlsx")), button("存为CSV", () => ask(bench, "csv")), button("存为网页", () => ask(bench, "share", { only: only.checked })),
        h("label", { class: "wb-small" }, only, "网页只含所选行"), h("span", { class: "wb-gap" }), name, button("保存视图", () => ask(bench, "save", { name: name.value })), views, button("保存为报告参数", () => ask(bench, "parameters")),
      ];
    },
    async save(bench, name, file) {
      ask(bench, "file", { name }, [await file.arrayBuffer()]);
    },
  };
}

function render({ model, el }) {
  const bytes = model.get("data");
  const data = JSON.parse(new TextDecoder().decode(bytes));
  const host = jupyter(model);
  const bench = new Bench(data, host);
  const query = h("code", {}, model.get("query"));
  const line = h("p", { class: "wb-query" }, "查询：", query, button("复制", () => navigator.clipboard?.writeText(query.textContent)));
  bench.chips.after(line);
  el.append(bench.element);
  bench.open(model.get("choice"));
  const asked = () => JSON.stringify(model.get("choice")) !== JSON.stringify(bench.state) && bench.open(model.get("choice"));
  const said = () => (query.textContent = model.get("query") || "（全部行）");
  const answered = (message) => {
    host.answered();
    bench.tell(message.text, message.wrong);
  };
  said();
  model.on("change:choice", asked);
  model.on("change:query", said);
  model.on("msg:custom", answered);
  return () => {
    host.answered();
    bench.size.disconnect();
    model.off("change:choice", asked);
    model.off("change:query", said);
    model.off("msg:custom", answered);
  };
}

/** The file to send: its data stand in the page, as JSON or as gzip in base64. */
async function start() {
  const place = document.getElementById("workbench");
  const held = document.getElementById("data");
  let text = held.textContent;
  if (held.dataset.coding === "gzip") {
    if (typeof DecompressionStream === "undefined") {
      place.textContent = "这个浏览器太旧，打不开这份文件：请用 2023 年以后的 Chrome、Edge、Firefox、Safari 或同等内核的浏览器。";
      return;
    }
    const bytes = Uint8Array.from(atob(text.trim()), (mark) => mark.charCodeAt(0));
    text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }
  const data = JSON.parse(text);
  const bench = new Bench(data, ALONE);
  place.replaceChildren(bench.element);
  bench.open(data.choice ?? {});
  globalThis.workbench = bench;
}
