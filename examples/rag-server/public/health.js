import { callApi } from "./api.js";
import { counted } from "./words.js";

const names = { llm: "the model", embedder: "the search model", store: "the index", cache: "the cache" };
const states = { degraded: "is not ready", down: "does not answer" };
/** A part that has just answered is not down, although a busy server may be late for the check. */
const trustMs = 20_000;

/** Shows in the header if the server works, and which part does not. */
export function createStatus() {
  const status = document.getElementById("status");
  let answeredAt = -Infinity;
  const show = (state, text) => {
    status.dataset.state = state;
    status.textContent = text;
  };
  const check = async () => {
    try {
      const response = await callApi("health");
      if (response.status === 401) return show("degraded", "A key is needed");
      const { components, index, answers, status: worst } = await response.json();
      const hasAnswered = performance.now() - answeredAt < trustMs;
      const troubles = Object.entries(components).filter(([, part]) => part.status !== "ok");
      const shown = hasAnswered ? [] : troubles;
      const state = shown.map(([name, part]) => `${names[name] ?? name} ${states[part.status]}`).join(", ");
      const where = (components.store?.detail ?? "").replace(/,.*/, "");
      const documents = `${counted(index.documents, "document")}${where && ` in ${where}`}`;
      show(hasAnswered ? "ok" : worst, `${documents} · ${state || answers}`);
    } catch {
      show("down", "The server does not answer");
    }
  };
  return {
    check,
    /** Call it when words of an answer arrive. */
    answering: () => {
      if (performance.now() - answeredAt > 1000) show("ok", "Answering…");
      answeredAt = performance.now();
    },
    /** Call it after a failure: what was seen before counts no more. */
    failed: () => {
      answeredAt = -Infinity;
      return check();
    },
  };
}
