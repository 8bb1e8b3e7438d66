import { acceptKey, callApi } from "./api.js";
import { showAbout } from "./about.js";
import { historyOf, loadSession, loadTurns, saveSession, saveTurns } from "./conversation.js";
import { readEvents } from "./event-stream.js";
import { createFollower } from "./follow.js";
import { createStatus } from "./health.js";
import { prepareSessions } from "./sessions.js";
import { openSource } from "./sources.js";
import { createTurn } from "./turn.js";

const byId = (id) => document.getElementById(id);
const question = byId("question");
const conversation = byId("conversation");
const follower = createFollower(byId("ask"));
const status = createStatus();
let turns = loadTurns();
let session = loadSession();
let running;

/** An error whose message is written for the reader. */
class Told extends Error {}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  submit(question.value.trim());
});

question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("ask").requestSubmit();
});

question.addEventListener("input", fitQuestion);

byId("stop").addEventListener("click", () => running?.abort());

byId("reset").addEventListener("click", () => replaceAll([], undefined));

prepareSessions({ current: () => session, open: replaceAll });

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
  if (!event.altKey || !/^[1-9]$/.test(event.key)) return;
  const turn = conversation.lastElementChild;
  if (turn !== null && openSource(turn, Number(event.key))) event.preventDefault();
});

function submit(text) {
  if (text !== "" && running === undefined) void ask(text);
}

async function ask(text) {
  const asked = turns;
  const turn = createTurn(text, () => askAgain(text, turn.element));
  conversation.append(turn.element);
  setRunning(new AbortController());
  const { signal } = running;
  if (question.value.trim() === text) writeQuestion("");
  showTurns();
  follower.jump();
  try {
    const { reply, remark } = await showAnswer(turn, await request(text, asked, signal));
    // A new conversation has begun in the meantime, which this answer is no part of.
    if (turns === asked)
      keep([...asked, { question: text, reply }], reply.session?.stored ? reply.session.id : undefined);
    byId("announcer").textContent = remark;
    void status.check();
  } catch (error) {
    breakOff(turn, text, error);
  } finally {
    turn.settle();
    if (running?.signal === signal) setRunning(undefined);
    follower.follow();
  }
}

/** Asks the last question once more, without its answer. */
function askAgain(text, element) {
  if (running !== undefined) return;
  // The server's session has the turn already, so the earlier turns are sent instead.
  if (turns.at(-1)?.question === text && element === conversation.lastElementChild)
    keep(turns.slice(0, -1), undefined);
  element.remove();
  void ask(text);
}

function keep(more, id) {
  turns = more;
  session = id;
  saveTurns(turns);
  saveSession(session);
}

/** Shows another conversation, or an empty page. */
function replaceAll(more, id) {
  running?.abort();
  keep(more, id);
  conversation.replaceChildren();
  restore();
  question.focus();
}

async function request(text, asked, signal) {
  for (let attempt = 0; ; attempt += 1) {
    const response = await post({ message: text, ...memoryOf(asked) }, signal);
    if (response.ok) return response;
    const failure = await response.json().catch(() => undefined);
    if (attempt === 4 || !(await isWorthAgain(failure))) {
      throw new Told(failure?.message ?? `The server answered ${response.status}.`);
    }
  }
}

/** Names the session that the server keeps, or sends the turns. A new conversation begins a session. */
function memoryOf(asked) {
  if (session !== undefined) return { sessionId: session };
  const history = historyOf(asked);
  return history.length > 0 ? { history } : { sessionId: "new" };
}

async function isWorthAgain(failure) {
  if (failure?.code === "session_not_found") {
    session = undefined; // It has expired. This browser still has the turns.
    return true;
  }
  if (failure?.code !== "session_busy") return false;
  await new Promise((resolve) => setTimeout(resolve, 300)); // A stopped answer holds its session for a moment.
  return true;
}

async function post(body, signal) {
  return await callApi("chat", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  }).catch((error) => {
    throw error.name === "AbortError" ? error : new Told("The server does not answer.");
  });
}

/** Shows an answer as it arrives. Resolves when it is complete, to the reply and a remark about it. */
async function showAnswer(turn, response) {
  for await (const { event, data } of readEvents(response)) {
    if (event === "error") throw new Told(data.message);
    status.answering();
    if (event === "text") turn.add(data.text);
    if (event === "done") return { reply: data, remark: turn.finish(data) };
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
    void status.failed();
  } else void status.check();
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

/** Shows the welcome only on an empty page. */
function showTurns() {
  const isEmpty = conversation.childElementCount === 0;
  byId("welcome").hidden = !isEmpty;
  byId("reset").hidden = isEmpty;
  question.placeholder = isEmpty ? "Ask a question…" : "Ask a follow-up…";
}

/** Shows the conversation of the last visit. */
function restore() {
  for (const { question: text, reply } of turns) {
    const turn = createTurn(text, () => askAgain(text, turn.element));
    turn.finish(reply);
    turn.settle();
    conversation.append(turn.element);
  }
  showTurns();
  if (turns.length > 0) follower.jump();
}

restore();
start();
acceptKey(start);
setInterval(() => void (running === undefined && status.check()), 30_000);
question.focus();

function start() {
  void status.check();
  showAbout(submit).catch(() => undefined); // Without it the page only lacks the example questions.
}
