"use strict";
const form = document.getElementById("filter"), count = document.getElementById("count");
const failures = [...document.querySelectorAll(".failure")], operations = [...document.querySelectorAll(".operation")];
const groups = [...document.querySelectorAll(".of-operation"), ...document.querySelectorAll(".check")];
const texts = new Map();

function text(item) {
  if (!texts.has(item)) {
    const above = [".of-operation", ".check"].map((name) => item.closest(name)?.firstElementChild);
    const parts = above[0] ? [item, ...above] : item.querySelectorAll(".find");
    texts.set(item, [...parts].map((part) => part.textContent).join("\n").toLowerCase());
  }
  return texts.get(item);
}

function show(items, fits) {
  let shown = 0;
  for (const item of items) {
    item.hidden = !fits(item);
    shown += !item.hidden;
  }
  return `${shown} of ${items.length}`;
}

function filter() {
  const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = (name, value) => !form.elements[name].value || form.elements[name].value === value;
  const says = (item) => words.every((word) => text(item).includes(word));
  const found = show(failures, (item) => chosen("part", item.dataset.part) && chosen("mode", item.dataset.mode) && says(item));
  const left = show(operations, (item) => chosen("state", item.dataset.state) && says(item));
  for (const group of groups) group.hidden = !group.querySelector(".failure:not([hidden])");
  count.textContent = `${found} failures and ${left} operations are shown.`;
}

function reveal() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let above = target; above; above = above.parentElement) {
    if (above.tagName === "DETAILS") above.open = true;
    above.hidden = false;
  }
  target.scrollIntoView();
}

let waiting = 0;
form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 100); });
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
addEventListener("hashchange", reveal);
form.hidden = false;
filter();
reveal();
