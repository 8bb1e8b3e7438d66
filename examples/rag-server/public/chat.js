import { readEvents } from "./event-stream.js";
import { createFollower } from "./follow.js";
import { showHealth } from "./health.js";
import { createTurn, openSource } from "./turn.js";

const byId = (id) => document.getElementById(id);
const question = byId("question");
const conversation = byId("conversation");
const follower = createFollower(byId("ask"));
let running;

/** An error whose message is written for the reader. */
class Told extends Error {}

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

question.addEventListener("input", fitQuestion);

byId("stop").addEventListener("click", () => running?.abort());

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
  if (!event.altKey || !/^[1-9]$/.test(event.key)) return;
  const turn = conversation.lastElementChild;
  if (turn !== null && openSource(turn, Number(event.key))) event.preventDefault();
});

async function ask(text) {
  const turn = createTurn(text);
  byId("welcome").hidden = true;
  conversation.append(turn.element);
  setRunning(new AbortController());
  writeQuestion("");
  follower.jump();
  try {
    byId("announcer").textContent = await showAnswer(turn, await request(text, running.signal));
    if (byId("status").dataset.state !== "ok") void showHealth();
  } catch (error) {
    breakOff(turn, text, error);
  } finally {
    turn.settle();
    setRunning(undefined);
    follower.follow();
  }
}

async function request(text, signal) {
  const response = await fetch("chat", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ message: text }),
    signal,
  }).catch((error) => {
    throw error.name === "AbortError" ? error : new Told("The server does not answer.");
  });
  if (response.ok) return response;
  const failure = await response.json().catch(() => undefined);
  throw new Told(failure?.message ?? `The server answered ${response.status}.`);
}

/** Shows an answer as it arrives. Resolves when it is complete, to a remark about it. */
async function showAnswer(turn, response) {
  for await (const { event, data } of readEvents(response)) {
    if (event === "text") turn.add(data.text);
    if (event === "error") throw new Told(data.message);
    if (event === "done") return turn.finish(data);
    follower.follow();
  }
  throw new Told("The connection ended before the answer was complete.");
}

/**
 * Shows why an answer ended early. A stop by the reader is not a failure. After a failure the question
 * returns to the box.
 */
function breakOff(turn, text, error) {
  const isStopped = error.name === "AbortError";
  let why = "Stopped.";
  if (!isStopped) {
    why = error instanceof Told ? error.message : "The connection to the server was lost.";
    if (question.value === "") {
      writeQuestion(text);
      why += " Your question is back in the box.";
    }
    void showHealth();
  }
  turn.breakOff(isStopped ? "stopped" : "failed", why);
  byId("announcer").textContent = why;
}

function writeQuestion(text) {
  question.value = text;
  fitQuestion();
}

function fitQuestion() {
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight + question.offsetHeight - question.clientHeight}px`;
}

/** Shows the stop button while an answer runs, else the send button. The focus stays in the form. */
function setRunning(controller) {
  running = controller;
  const [shown, gone] = controller === undefined ? ["send", "stop"] : ["stop", "send"];
  const hadFocus = document.activeElement === byId(gone);
  byId(shown).hidden = false;
  byId(gone).hidden = true;
  if (hadFocus) question.focus({ preventScroll: true });
}

void showHealth();
setInterval(showHealth, 30_000);
question.focus();
