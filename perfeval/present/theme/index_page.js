// Hides the rows that do not have every word sought; without it the page is the whole list. Whole groups go or come at
// once, single rows a few groups at a time, so that a list of any length answers at once.
(function () {
  var form = document.getElementById("search"), sought = document.getElementById("sought");
  var found = document.getElementById("found"), groups = null, waiting = 0, working = 0;
  var SLICE = 1000, TALL = 48;
  function read() {
    groups = Array.from(document.querySelectorAll(".list tbody"), function (body) {
      var rows = Array.from(body.rows, function (row) {
        return { row: row, text: row.textContent.toLowerCase(), shown: true, wanted: true };
      });
      return { body: body, rows: rows, shown: rows.length };
    });
  }
  function search() {
    if (groups === null) read();
    var words = sought.value.toLowerCase().split(/\s+/).filter(Boolean), total = 0;
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
    });
    found.value = words.length ? "找到 " + total + " 份" : "";
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
