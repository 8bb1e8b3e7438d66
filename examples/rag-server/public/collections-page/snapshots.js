import { dom } from "../dom.js";
import { openDialog } from "../form.js";
import { request, requestJson } from "../request.js";
import { sizeText, timeText } from "../words.js";
import { openRestore } from "./restore.js";
import { telling } from "../trouble.js";

const byId = (id) => document.getElementById(id);

/** Lists the snapshots of a collection. A store without snapshots shows that in place of the list. */
export async function showSnapshots(name, signal) {
  const path = `collections/${encodeURIComponent(name)}`;
  const list = byId("snapshots");
  const state = byId("snapshots-state");
  const add = async (after) => {
    const query = new URLSearchParams({ limit: "20", ...(after && { after }) });
    const { snapshots, next } = await requestJson(`${path}/snapshots?${query}`, { signal });
    if (after === undefined) list.replaceChildren();
    list.append(...snapshots.map((snapshot) => row({ path, snapshot, refresh: () => add() })));
    state.textContent = list.childElementCount === 0 ? "There is no snapshot of this collection." : "";
    byId("snapshots-more").hidden = next === null;
    byId("snapshots-more").onclick = telling(() => add(next));
  };
  byId("snapshot").hidden = false;
  byId("snapshot").onclick = telling(async () => {
    const { bytes } = await requestJson(`${path}/snapshot`, { method: "POST", signal });
    await add();
    state.textContent = `A snapshot of ${sizeText(bytes)} is stored.`;
  });
  try {
    await add();
  } catch (error) {
    if (error.status !== 501 && error.status !== 403) throw error;
    list.replaceChildren();
    byId("snapshot").hidden = true;
    state.textContent = error.message;
  }
}

function row({ path, snapshot, refresh }) {
  const { name, created_at, bytes, sha256 } = snapshot;
  const when = timeText(created_at);
  const address = `${path}/snapshots/${encodeURIComponent(name)}`;
  const button = (label, listener, kind = "quiet") => {
    const element = dom.element("button", [label], { type: "button", class: kind });
    element.setAttribute("aria-label", `${label.replace("…", "")} the snapshot of ${when}`);
    element.addEventListener("click", listener);
    return element;
  };
  return dom.element("li", [
    dom.element("span", [when], { class: "name" }),
    dom.element("span", [sizeText(bytes)], { class: "soft" }),
    dom.element("span", [name, ...(sha256 ? [` · SHA-256 ${sha256.slice(0, 12)}…`] : [])], {
      class: "soft file",
    }),
    dom.element(
      "span",
      [
        button(
          "Download",
          telling(() => download(address, name)),
        ),
        ...(sha256 ? [button("Restore…", () => openRestore({ address, snapshot, when }))] : []),
        button("Delete…", () => openRemove({ address, name, refresh })),
      ],
      { class: "buttons" },
    ),
  ]);
}

/** Saves a snapshot as a file. A link could not carry the key. */
async function download(address, name) {
  const bytes = await (await request(address)).blob();
  const link = dom.element("a", [], { href: URL.createObjectURL(bytes), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function openRemove({ address, name, refresh }) {
  byId("remove-title").textContent = "Delete the snapshot?";
  byId("remove-what").textContent = name;
  byId("remove-field").hidden = true;
  openDialog(byId("remove"), async () => {
    await request(address, { method: "DELETE" });
    await refresh();
  });
}
