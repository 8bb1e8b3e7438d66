import { acceptKey } from "../api.js";
import { createStatus } from "../health.js";
import { showDetail } from "./detail.js";
import { showList } from "./list.js";
import { tell } from "../trouble.js";

const byId = (id) => document.getElementById(id);
const status = createStatus();
let view = new AbortController();

/** Shows the collection that the address names after its #, or the list. */
async function show() {
  view.abort();
  view = new AbortController();
  const { signal } = view;
  const name = decodeURIComponent(location.hash.slice(1));
  tell(undefined);
  try {
    await (name === "" ? showList(signal) : showDetail(name, signal));
    if (signal.aborted) return;
    byId("list").hidden = name !== "";
    byId("detail").hidden = name === "";
    document.title = `${name || "Collections"} · Binnacle`;
  } catch (error) {
    if (signal.aborted) return;
    byId("list").hidden = true;
    byId("detail").hidden = true;
    tell(error);
  }
  void status.check();
}

addEventListener("hashchange", async () => {
  await show();
  // A reader who cannot see the page hears which view is shown now.
  document.querySelector("main > section:not([hidden]) h2")?.focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: "instant" });
});
acceptKey(show);
setInterval(() => void status.check(), 30_000);
void show();
