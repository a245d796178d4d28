"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = id => document.getElementById(id);
  const form = one("filters");
  if (!form) return;
  const field = form.elements, rows = all(".row"), parts = all(".part"), list = one("claims");
  const homes = new Map(rows.map(row => [row, row.parentElement]));
  const fold = text => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const text = new Map(rows.map(row => [row, fold(`${row.id} ${row.textContent}`)]));
  const boxes = all("input[name=verdict]", form);
  const claims = count => `${count} ${count === 1 ? "claim" : "claims"}`;

  // how each order names the group of a row, and which row comes first in it; rows that are equal stay in the order of the article
  const order = value => boxes.findIndex(box => box.value === value);
  const far = row => Number(row.dataset.far ?? -1);
  const orders = {
    verdict: [row => row.querySelector(".chip").textContent, (a, b) => order(a.dataset.verdict) - order(b.dataset.verdict)],
    difference: [row => far(row) < 0 ? "Without a printed number to compare with" : "From the largest difference to the smallest", (a, b) => far(b) - far(a)],
    notebook: [row => row.dataset.notebook, (a, b) => a.dataset.notebook.localeCompare(b.dataset.notebook)],
  };
  const arrange = name => {
    all(".sorted").forEach(part => part.remove());
    rows.forEach(row => homes.get(row).append(row));
    list.dataset.order = name;
    if (!orders[name]) return;
    const [title, compare] = orders[name];
    for (const row of [...rows].sort(compare)) {
      let part = list.lastElementChild;
      if (!part.matches(".sorted") || part.dataset.title !== title(row)) {
        part = document.createElement("div");
        part.className = "part sorted";
        part.dataset.title = title(row);
        const head = document.createElement("h3"), items = document.createElement("ol");
        head.textContent = title(row);
        items.className = "rows";
        part.append(head, items);
        list.append(part);
      }
      part.lastElementChild.append(row);
    }
  };

  // what is chosen, as the part of the address behind #?, so that a filtered list can be linked to
  const chosen = () => {
    const query = new URLSearchParams();
    boxes.filter(box => box.checked).forEach(box => query.append("verdict", box.value));
    if (field.topic.value) query.set("topic", field.topic.value);
    if (field.q.value.trim()) query.set("q", field.q.value.trim());
    if (field.sort.value) query.set("sort", field.sort.value);
    return query.toString();
  };
  const choose = query => {
    const has = (select, value) => [...select.options].some(option => option.value === value) ? value : "";
    boxes.forEach(box => { box.checked = query.getAll("verdict").includes(box.value); });
    field.topic.value = has(field.topic, query.get("topic"));
    field.sort.value = has(field.sort, query.get("sort"));
    field.q.value = query.get("q") ?? "";
  };
  const remember = () => {
    const query = chosen();
    if (!query && !location.hash.startsWith("#?")) return;
    try { history.replaceState(null, "", query ? `#?${query}` : "#ledger"); } catch { /* the address stays as it is */ }
  };

  const apply = () => {
    const verdicts = boxes.filter(box => box.checked).map(box => box.value);
    const topic = field.topic.value, words = fold(field.q.value).split(/\s+/).filter(Boolean), sort = field.sort.value;
    let shown = 0;
    if ((list.dataset.order ?? "") !== sort) arrange(sort);
    for (const row of rows) {
      const fits = (!verdicts.length || verdicts.includes(row.dataset.verdict)) && (!topic || row.dataset.topic === topic) && words.every(word => text.get(row).includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    [...parts, ...all(".sorted")].forEach(part => { part.hidden = all(".row", part).every(row => row.hidden); });
    const way = sort ? `, ordered by ${sort}` : "";
    one("found").textContent = shown === rows.length ? `All ${claims(shown)}${way}` : shown ? `${shown} of ${claims(rows.length)}${way}` : "No claim fits. Remove a word or a filter.";
    one("show-all").hidden = !chosen();
  };
  const restore = () => {
    if (!location.hash.startsWith("#?")) return;
    choose(new URLSearchParams(location.hash.slice(2)));
    apply();
    one("ledger").scrollIntoView();
  };

  form.hidden = false;
  form.addEventListener("input", () => { apply(); remember(); });
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { apply(); remember(); }));
  one("show-all").addEventListener("click", () => field.q.focus());
  addEventListener("hashchange", restore);
  addEventListener("keydown", event => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || document.activeElement.matches("input:not([type=checkbox]), select, textarea")) return;
    event.preventDefault();
    field.q.focus();
  });
  apply();
  restore();
})();
