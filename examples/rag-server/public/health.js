/** Shows in the header if the server works, and which part does not. */
export async function showHealth() {
  const status = document.getElementById("status");
  try {
    const health = await (await fetch("health")).json();
    const troubles = Object.entries(health.components).filter(([, part]) => part.status !== "ok");
    const state = troubles.map(([name, part]) => `${names[name] ?? name} ${states[part.status]}`).join(", ");
    const { store } = health.components;
    const where = (store?.detail ?? "").replace(/,.*/, "");
    const words = [`${health.index.documents} documents${where && ` in ${where}`}`, state || health.answers];
    status.textContent = words.join(" · ");
    status.dataset.state = health.status;
  } catch {
    status.dataset.state = "down";
    status.textContent = "The server does not answer";
  }
}

const names = { llm: "the model", embedder: "the search model", store: "the index", cache: "the cache" };
const states = { degraded: "is not ready", down: "does not answer" };
