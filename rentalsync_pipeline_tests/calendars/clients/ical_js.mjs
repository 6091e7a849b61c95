// What ical.js (Thunderbird, Nextcloud) reads: one [uid, start, end, summary, description] per event.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const show = (time) =>
  time.isDate ? time.toString() : new Date(time.toUnixTime() * 1000).toISOString();

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component));
console.log(
  JSON.stringify(
    events.map((e) => [e.uid, show(e.startDate), show(e.endDate), e.summary ?? "", e.description ?? ""]),
  ),
);
