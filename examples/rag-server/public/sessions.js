import { dom } from "./dom.js";
import { request, requestJson } from "./request.js";
import { counted, timeText } from "./words.js";

const byId = (id) => document.getElementById(id);

/**
 * Prepares the list of the conversations that the server keeps. `current` returns the id of the shown one, and
 * `open` shows turns under an id.
 */
export function prepareSessions({ current, open }) {
  const dialog = byId("sessions");
  const list = byId("sessions-list");
  const state = byId("sessions-state");

  const add = async (offset) => {
    const { sessions, total, next_offset } = await requestJson(`sessions?limit=20&offset=${offset}`);
    if (offset === 0) list.replaceChildren();
    list.append(...sessions.map((one) => row({ one, isCurrent: one.id === current(), reopen, remove })));
    state.textContent =
      total === 0
        ? "The server keeps no conversation of yours."
        : "Each is kept for a day after its last answer.";
    byId("sessions-more").hidden = next_offset === null;
    byId("sessions-more").onclick = () => telling(() => add(next_offset));
  };
  const reopen = (id) =>
    telling(async () => {
      if (id !== current()) open(await readTurns(id), id);
      dialog.close();
    });
  const remove = (id, element) =>
    telling(async () => {
      await request(`sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
      if (id === current()) open([], undefined);
      element.remove();
      state.textContent = "Deleted.";
      (list.querySelector("button") ?? byId("sessions-close")).focus();
    });
  const telling = async (act) => {
    try {
      await act();
    } catch (error) {
      state.textContent = error.message;
    }
  };
  byId("sessions-close").addEventListener("click", () => dialog.close());
  byId("open-sessions").addEventListener("click", () => {
    list.replaceChildren();
    state.textContent = "";
    dialog.showModal();
    void telling(() => add(0));
  });
}

/** Reads the turns of a session. Their answers are kept without sources. */
async function readTurns(id) {
  const turns = [];
  for (let offset = 0; offset !== null;) {
    const page = await requestJson(`sessions/${encodeURIComponent(id)}?limit=100&offset=${offset}`);
    turns.push(...page.turns);
    offset = page.next_offset;
  }
  return turns.map(({ question, answer }) => ({
    question,
    reply: { answer, mode: "kept", citations: [], sources: [] },
  }));
}

function row({ one: { id, title, turn_count, updated_at }, isCurrent, reopen, remove }) {
  const openButton = dom.element("button", [title], { type: "button", class: "session" });
  const deleteButton = dom.element("button", ["Delete"], { type: "button", class: "quiet" });
  deleteButton.setAttribute("aria-label", `Delete: ${title}`);
  const facts = `${isCurrent ? "Shown now · " : ""}${counted(turn_count, "question")} · ${timeText(updated_at)}`;
  const element = dom.element("li", [
    openButton,
    dom.element("span", [facts], { class: "soft" }),
    deleteButton,
  ]);
  openButton.addEventListener("click", () => void reopen(id));
  deleteButton.addEventListener("click", () => {
    // The first click asks, the second one deletes.
    if (deleteButton.dataset.sure === "true") return void remove(id, element);
    deleteButton.dataset.sure = "true";
    deleteButton.textContent = "Really delete";
    deleteButton.setAttribute("aria-label", `Really delete: ${title}`);
  });
  return element;
}
