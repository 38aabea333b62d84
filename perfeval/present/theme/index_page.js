// Hides the rows that do not have every word sought, and opens the groups of those that do; without it the page is the
// whole list. Whole bodies go or come at once, single rows a few bodies at a time, so that a list of any length answers
// at once.
(function () {
  var form = document.getElementById("search"), sought = document.getElementById("sought");
  var found = document.getElementById("found"), groups = null, waiting = 0, working = 0;
  var SLICE = 1000, TALL = 48;
  function plain(text) { return text.normalize("NFKC").toLowerCase(); }
  function read() {
    groups = Array.from(document.querySelectorAll(".list tbody"), function (body) {
      var part = body.closest("section"), heading = part.querySelector("h2");
      var district = heading ? heading.textContent : "";
      var rows = Array.from(body.rows, function (row) {
        var link = row.querySelector("a"), id = link ? link.getAttribute("href").split("/")[0] : "";
        var text = plain([district + row.textContent, id, row.dataset.f || ""].join(" "));
        return { row: row, text: text, shown: true, wanted: true };
      });
      var fold = body.closest("details");
      if (fold && !("was" in fold)) fold.was = fold.open;
      return { body: body, fold: fold, part: part, rows: rows, shown: rows.length };
    });
  }
  function search() {
    if (groups === null) read();
    var words = plain(sought.value).split(/\s+/).filter(Boolean), total = 0;
    var folds = new Map(), parts = new Map();
    groups.forEach(function (group) {
      var shown = 0;
      group.rows.forEach(function (one) {
        one.wanted = words.every(function (word) { return one.text.includes(word); });
        if (one.wanted) shown += 1;
      });
      if (shown !== group.shown) {
        group.body.hidden = !shown;
        group.body.style.containIntrinsicSize = "auto 100vw auto " + shown * TALL + "px";
      }
      group.shown = shown;
      total += shown;
      if (group.fold) folds.set(group.fold, (folds.get(group.fold) || 0) + shown);
      parts.set(group.part, (parts.get(group.part) || 0) + shown);
    });
    folds.forEach(function (shown, fold) {
      fold.hidden = !shown;
      fold.open = words.length ? shown > 0 : fold.was;
    });
    parts.forEach(function (shown, part) { part.hidden = !shown; });
    found.value = !words.length ? "" : total ? "找到 " + total + " 份" : "没有符合的报告";
    clearTimeout(working);
    show(0);
  }
  function show(first) {
    var left = SLICE, number = first;
    for (; number < groups.length && left > 0; number += 1) {
      if (groups[number].shown) groups[number].rows.forEach(function (one) {
        if (one.wanted === one.shown) return;
        one.row.hidden = !(one.shown = one.wanted);
        left -= 1;
      });
    }
    if (number < groups.length) working = setTimeout(show, 0, number);
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  sought.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(search, 60);
  });
})();
