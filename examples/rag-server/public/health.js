/** Shows in the header if the server works, and which part does not. */
export async function showHealth() {
  const status = document.getElementById("status");
  try {
    const health = await (await fetch("health")).json();
    const troubles = Object.entries(health.components).filter(([, part]) => part.status !== "ok");
    const state = troubles.map(([name, part]) => `${names[name] ?? name} ${words[part.status]}`).join(", ");
    status.textContent = `${health.index.documents} documents · ${state || health.answers}`;
    status.dataset.state = health.status;
  } catch {
    status.dataset.state = "down";
    status.textContent = "The server does not answer";
  }
}

const names = { llm: "the model", embedder: "the search model", store: "the index" };
const words = { degraded: "is not ready", down: "does not answer" };
