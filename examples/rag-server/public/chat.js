import { readEvents } from "./event-stream.js";

const byId = (id) => document.getElementById(id);
const question = byId("question");
const conversation = byId("conversation");
const modes = {
  generated: "Written by the model from the sources below",
  extractive: "Sentences from your documents, no model in use",
  none: "Not answered",
};
let running;

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (text !== "" && running === undefined) void ask(text);
});

question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("ask").requestSubmit();
});

question.addEventListener("input", () => {
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight}px`;
});

byId("stop").addEventListener("click", () => running?.abort());

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
  if (!event.altKey || !/^[1-9]$/.test(event.key)) return;
  const turn = conversation.lastElementChild;
  if (turn !== null && openSource(turn, Number(event.key))) event.preventDefault();
});

async function ask(text) {
  const turn = addTurn(text);
  const answer = turn.querySelector(".answer");
  setRunning(new AbortController());
  question.value = "";
  question.style.height = "auto";
  try {
    const response = await fetch("chat", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ message: text }),
      signal: running.signal,
    });
    if (!response.ok) throw new Error(await failureOf(response));
    if (!(await showAnswer(turn, response)))
      throw new Error("The answer broke off before its end. Ask again.");
  } catch (error) {
    showFailure(answer, error);
  } finally {
    answer.dataset.busy = "false";
    setRunning(undefined);
    question.focus();
  }
}

/** True once the answer is whole. */
async function showAnswer(turn, response) {
  const answer = turn.querySelector(".answer");
  for await (const { event, data } of readEvents(response)) {
    if (event === "text") answer.append(data.text);
    if (event === "error") throw new Error(data.message);
    if (event === "done") {
      finishTurn(turn, data);
      return true;
    }
    turn.scrollIntoView({ block: "end" });
  }
  return false;
}

function addTurn(text) {
  byId("welcome").hidden = true;
  const turn = byId("turn").content.cloneNode(true).firstElementChild;
  turn.querySelector(".asked").textContent = text;
  turn.querySelector(".answer").dataset.busy = "true";
  conversation.append(turn);
  turn.scrollIntoView({ block: "end" });
  return turn;
}

function finishTurn(turn, result) {
  turn.querySelector(".mode").textContent = modes[result.mode] ?? result.mode;
  const answer = turn.querySelector(".answer");
  answer.replaceChildren(...withCitations(turn, result));
  const sources = turn.querySelector(".sources");
  for (const citation of result.citations) sources.append(sourceItem(citation));
  byId("announcer").textContent = `${result.answer} ${result.citations.length} sources.`;
  turn.scrollIntoView({ block: "end" });
}

/** The answer's text with every `[1]` that names a source turned into a button that opens it. */
function withCitations(turn, { answer, citations }) {
  const known = new Set(citations.map(({ number }) => number));
  return answer.split(/(\[\d+\])/).map((part) => {
    const number = Number(/^\[(\d+)\]$/.exec(part)?.[1]);
    if (!known.has(number)) return document.createTextNode(part);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "cite";
    button.textContent = String(number);
    button.setAttribute("aria-label", `Open source ${number}`);
    button.addEventListener("click", () => openSource(turn, number));
    return button;
  });
}

function sourceItem(citation) {
  const item = byId("source").content.cloneNode(true).firstElementChild;
  item.dataset.number = String(citation.number);
  item.querySelector(".number").textContent = String(citation.number);
  item.querySelector(".title").textContent = citation.title ?? citation.documentId;
  item.querySelector(".path").textContent = (citation.path ?? []).join(" › ");
  item.querySelector("blockquote").textContent = citation.text;
  item.querySelector(".range").textContent =
    `${citation.documentId}, characters ${citation.start} to ${citation.end}`;
  return item;
}

function openSource(turn, number) {
  const details = turn.querySelector(`.sources li[data-number="${number}"] details`);
  if (details === null) return false;
  details.open = true;
  details.querySelector("summary").focus();
  details.scrollIntoView({ block: "nearest" });
  return true;
}

function showFailure(answer, error) {
  answer.classList.add("failed");
  const text = error.name === "AbortError" ? "Stopped." : error.message;
  answer.append(answer.textContent === "" ? text : `\n${text}`);
  byId("announcer").textContent = text;
}

async function failureOf(response) {
  const body = await response.json().catch(() => undefined);
  return body?.message ?? `The server answered ${response.status}.`;
}

function setRunning(controller) {
  running = controller;
  byId("send").hidden = controller !== undefined;
  byId("stop").hidden = controller === undefined;
}

async function showHealth() {
  const status = byId("status");
  try {
    const health = await (await fetch("health")).json();
    status.dataset.state = health.status;
    status.textContent = `${health.index.documents} documents · ${health.answers}`;
  } catch {
    status.dataset.state = "down";
    status.textContent = "The server does not answer";
  }
}

void showHealth();
setInterval(showHealth, 30_000);
question.focus();
