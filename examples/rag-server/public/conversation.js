// The conversation with its sources is kept in this browser. The server keeps questions and answers for a day, as
// a session.
const storageKey = "binnacle.conversation";
const sessionKey = "binnacle.session";
const mostTurns = 30;
const mostStored = 1_000_000;
/** The server refuses more turns and larger bodies. */
const mostSentTurns = 20;
const mostSentCharacters = 24_000;

/** Returns the stored turns, oldest first: `{ question, reply }`. Empty if the browser stores nothing. */
export function loadTurns() {
  try {
    const turns = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return turns.filter(
      ({ question, reply }) => typeof question === "string" && Array.isArray(reply?.sources),
    );
  } catch {
    return [];
  }
}

/** Stores the newest turns that have room. */
export function saveTurns(turns) {
  let kept = turns.slice(-mostTurns);
  while (JSON.stringify(kept).length > mostStored) kept = kept.slice(1);
  try {
    localStorage.setItem(storageKey, JSON.stringify(kept));
  } catch {
    // A browser that stores nothing, as in a private window, loses the conversation with the page.
  }
}

/** Returns the id of the conversation's session on the server. Undefined without a session. */
export function loadSession() {
  try {
    return localStorage.getItem(sessionKey) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Stores the id of the session, or removes it. */
export function saveSession(id) {
  try {
    if (id === undefined) localStorage.removeItem(sessionKey);
    else localStorage.setItem(sessionKey, id);
  } catch {
    // Without it a later visit sends the turns themselves.
  }
}

/** Returns the turns to send with a follow-up, oldest first: `{ question, answer }`. */
export function historyOf(turns) {
  const history = [];
  let characters = 0;
  for (const { question, reply } of turns.slice(-mostSentTurns).toReversed()) {
    characters += question.length + reply.answer.length;
    if (characters > mostSentCharacters) break;
    if (reply.answer.trim() !== "") history.unshift({ question, answer: reply.answer });
  }
  return history;
}
