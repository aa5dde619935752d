"use strict";
(() => {
  const form = document.getElementById("filters");
  const details = [...document.querySelectorAll("main details")];
  const openTo = (element) => {
    for (let parent = element; parent; parent = parent.parentElement) if (parent.localName === "details") parent.open = true;
  };

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = details.filter((item) => !item.open && !item.closest(".folds, .more"));
    for (const item of folded) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of folded) item.open = false;
    folded = [];
  });

  if (!form) return;
  form.hidden = document.getElementById("folding").hidden = false;
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const notice = document.getElementById("filtered");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const keys = [...new Set(boxes.map((box) => box.name))];
  if (matchMedia("(max-width: 60rem)").matches) document.getElementById("facets").open = false;

  const rules = [...document.querySelectorAll(".rule")];
  const rows = rules.flatMap((rule) => {
    const of = (name, element) => (element.dataset[name] ? element.dataset[name].split(" ") : []);
    const about = [...rule.querySelectorAll("summary h3, .body > p")].map((part) => part.textContent).join(" ");
    return [...rule.querySelectorAll(".results tbody tr")].map((row) => ({
      row, rule, about,
      severity: [rule.dataset.severity], type: [rule.dataset.type], control: [rule.dataset.control], framework: of("framework", rule),
      status: [row.dataset.status], account: [row.dataset.account], region: [row.dataset.region],
    }));
  });
  const links = new Map();
  for (const link of document.querySelectorAll(".resources a")) links.set(link.hash.slice(1), link.parentElement);
  const resources = [...document.querySelectorAll(".resources > li")];
  const text = (item) => (item.text ??= `${item.about} ${item.row.textContent}`.toLowerCase());

  const chosen = () => {
    const state = new Map(keys.map((key) => [key, new Set()]));
    for (const box of boxes) if (box.checked) state.get(box.name).add(box.value);
    return state;
  };
  const fits = (item, state, except) =>
    keys.every((key) => key === except || !state.get(key).size || item[key].some((value) => state.get(key).has(value)));

  const count = (found, state) => {
    for (const key of keys) {
      const tally = new Map();
      for (const item of found) if (fits(item, state, key)) for (const value of item[key]) tally.set(value, (tally.get(value) ?? 0) + 1);
      for (const box of boxes) if (box.name === key) box.parentElement.lastElementChild.textContent = (tally.get(box.value) ?? 0).toLocaleString("en");
    }
  };

  const say = (number, filtered) => {
    const words = `${number.toLocaleString("en")} of ${rows.length.toLocaleString("en")} listed results`;
    shown.textContent = filtered ? `Showing ${words}` : `${rows.length.toLocaleString("en")} listed results`;
    notice.hidden = !filtered;
    notice.textContent = `Filtered: showing ${words}.`;
  };

  const apply = () => {
    const state = chosen();
    const wanted = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = wanted.length ? rows.filter((item) => wanted.every((word) => text(item).includes(word))) : rows;
    const visible = new Set(found.filter((item) => fits(item, state)));
    const kept = new Set();
    for (const item of rows) {
      const hide = !visible.has(item);
      if (item.row.hidden !== hide) item.row.hidden = hide;
      const link = links.get(item.row.id);
      if (link) link.hidden = hide;
      if (!hide) kept.add(item.rule);
    }
    const few = visible.size < rows.length && visible.size <= 50;
    for (const rule of rules) {
      rule.hidden = !kept.has(rule);
      if (few && !rule.hidden) rule.open = true;
    }
    for (const resource of resources) resource.hidden = !resource.querySelector("li:not([hidden])");
    count(found, state);
    say(visible.size, visible.size < rows.length);
  };

  const write = () => {
    const state = new URLSearchParams();
    if (search.value.trim()) state.set("q", search.value.trim());
    for (const box of boxes) if (box.checked) state.append(box.name, box.value);
    const address = state.size ? `#${state}` : location.pathname + location.search;
    try {
      history.replaceState(null, "", address);
    } catch {
      // a page opened from a file may not rewrite its address: the filter works all the same
    }
  };

  const read = () => {
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) return reveal(hash);
    const state = new URLSearchParams(hash);
    search.value = state.get("q") ?? "";
    for (const box of boxes) box.checked = state.getAll(box.name).includes(box.value);
    apply();
  };

  const reveal = (id) => {
    const target = document.getElementById(id);
    if (!target) return;
    if (target.closest("[hidden]")) {
      form.reset();
      apply();
    }
    openTo(target);
    target.scrollIntoView();
  };

  let waiting = 0;
  const changed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      apply();
      write();
    }, 80);
  };
  form.addEventListener("input", changed);
  form.addEventListener("reset", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  const all = (open) => () => {
    for (const item of rules) if (!item.hidden) item.open = open;
  };
  document.getElementById("expand").addEventListener("click", all(true));
  document.getElementById("collapse").addEventListener("click", all(false));
  addEventListener("hashchange", read);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest?.("input, textarea, select") && event.target.type !== "checkbox";
    if (event.key === "/" && !typing) {
      event.preventDefault();
      document.getElementById("facets").open = true;
      search.focus();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      changed();
    }
  });
  say(rows.length, false);
  if (location.hash) read();
})();
