// What is nicer with JavaScript; every page is whole without it.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = button.previousElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // over plain HTTP there is no clipboard
    }
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}

// Moments in the clock of whoever looks.
for (const moment of document.querySelectorAll("time[datetime]")) {
  moment.title = new Date(moment.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

// Nights are walked with the arrow keys; the whole table is one stop of the tabulator.
for (const table of document.querySelectorAll("[data-arrows]")) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td a")]);
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  for (const night of rows.flat().slice(1)) night.tabIndex = -1;
  table.addEventListener("keydown", (event) => {
    const row = rows.findIndex((nights) => nights.includes(event.target));
    if (row < 0 || !(event.key in steps)) return;
    const [down, right] = steps[event.key];
    const next = rows[row + down]?.[rows[row].indexOf(event.target) + right];
    if (!next) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}
