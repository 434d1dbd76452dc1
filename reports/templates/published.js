// The search of the index: no request, nothing stored; all it knows stands in the page.
(function () {
"use strict";
var data = JSON.parse(document.getElementById("data").textContent);
var query = document.getElementById("query"), found = document.getElementById("found");
var results = document.getElementById("results"), all = document.getElementById("all");
var NAMED = 3;

function plain(text) { return text.normalize("NFKC").toLowerCase(); }
function parts(text) { return plain(text).split(/\s+/).filter(Boolean); }

var kpis = data.kpis.map(function (kpi) { return { anchor: kpi.anchor, name: kpi.names[1], zh: kpi.names[2], words: plain(kpi.names.join(" ")) }; });
data.cards.forEach(function (card) { card.plain = plain(card.words); });
var chinese = document.documentElement.lang.indexOf("zh") === 0;

// every word has to be somewhere on the card; the KPIs that a word is in are named
function match(card, words) {
  var named = [];
  var fits = words.every(function (word) {
    var here = card.kpis.filter(function (number) { return kpis[number].words.indexOf(word) >= 0; });
    if (card.plain.indexOf(word) >= 0) { return true; }
    named = named.concat(here);
    return here.length > 0;
  });
  return fits ? named.filter(function (number, at) { return named.indexOf(number) === at; }) : null;
}

function link(href, text) {
  var made = document.createElement("a");
  made.href = href;
  // a name that is read from right to left must not turn what stands beside it
  made.dir = "auto";
  made.textContent = text;
  return made;
}

function address(page) { return page.split("/").map(encodeURIComponent).join("/"); }

function result(card, named) {
  var item = document.createElement("li");
  item.append(link(address(card.page), card.name), " ", card.said);
  named.slice(0, NAMED).forEach(function (number) {
    var kpi = kpis[number];
    item.append(" · ", link(address(card.page) + "#" + encodeURIComponent(kpi.anchor), chinese ? kpi.zh : kpi.name));
  });
  return item;
}

function search() {
  var words = parts(query.value), items = [];
  if (words.length) {
    data.cards.forEach(function (card) {
      var named = match(card, words);
      if (named) { items.push(result(card, named)); }
    });
  }
  results.replaceChildren.apply(results, items);
  found.textContent = words.length ? found.dataset.said + " " + items.length : "";
  all.hidden = words.length > 0;
}

// a search can be passed on and bookmarked: index.html#q=nps
function fromAddress() {
  var asked = /^#q=(.*)$/.exec(location.hash);
  if (asked) {
    try { query.value = decodeURIComponent(asked[1]); } catch (error) { query.value = asked[1]; }
    search();
  }
}

query.addEventListener("input", search);
query.addEventListener("keydown", function (event) {
  if (event.key === "Escape") { query.value = ""; search(); }
});
window.addEventListener("hashchange", fromAddress);
document.getElementById("search").hidden = false;
fromAddress();
})();
