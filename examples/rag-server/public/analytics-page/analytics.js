import { acceptKey } from "../api.js";
import { createStatus } from "../health.js";
import { requestJson } from "../request.js";
import { telling, tell } from "../trouble.js";
import { showSearches } from "./searches.js";
import { listCollections, showTopics } from "./topics.js";

const byId = (id) => document.getElementById(id);
const status = createStatus();

/** Reads the period's figures once more. Nothing on the page changes by itself. */
async function show() {
  const hours = byId("hours").value;
  const [searches, usage] = await Promise.all(
    ["search", "usage"].map((name) => requestJson(`analytics/${name}?hours=${hours}&limit=10`)),
  );
  showSearches(searches, usage);
}

function start() {
  tell(undefined);
  void status.check();
  Promise.all([show(), listCollections()]).catch(tell);
}

for (const [form, act] of [
  ["period", show],
  ["topics-form", showTopics],
]) {
  const run = telling(act);
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    void run({ currentTarget: byId(form).querySelector("button") });
  });
}
byId("hours").addEventListener("change", () => byId("period").requestSubmit());
acceptKey(start);
setInterval(() => void status.check(), 30_000);
start();
