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
