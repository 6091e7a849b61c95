// What node-ical reads (run with TZ=UTC): one [uid, start, end, summary, description] per event.
import ical from "node-ical";

const show = (moment) => (moment.dateOnly ? moment.toISOString().slice(0, 10) : moment.toISOString());

const entries = Object.values(ical.sync.parseFile(process.argv[2]));
const events = entries.filter((entry) => entry.type === "VEVENT");
console.log(
  JSON.stringify(
    events.map((e) => [e.uid, show(e.start), show(e.end), e.summary ?? "", e.description ?? ""]),
  ),
);
