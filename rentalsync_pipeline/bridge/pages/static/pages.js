// What is nicer with JavaScript; every page is whole without it.
"use strict";

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

// A button beside a text copies it.
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
    await pause(2);
    button.textContent = "Copy";
  });
}

// A form is sent once, however often its button is pressed.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.ariaBusy === "true") event.preventDefault();
    else if (button) button.ariaBusy = "true";
  });
}
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.ariaBusy = null;
});

// What waits is looked for again, for two minutes, until it waits no longer; then what came of it is shown.
async function follow(waiting) {
  for (let tries = 0; tries < 40 && waiting?.dataset.follow; tries++) {
    await pause(3);
    const answer = await fetch(waiting.dataset.follow);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const renew = (stale) => {
      const fresh = page.getElementById(stale.id);
      if (fresh) stale.replaceWith(fresh);
      return fresh;
    };
    waiting = renew(waiting);
    if (waiting && !waiting.dataset.follow) document.querySelectorAll("[data-fresh]").forEach(renew);
  }
}
for (const waiting of document.querySelectorAll("[data-follow]")) follow(waiting);

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
