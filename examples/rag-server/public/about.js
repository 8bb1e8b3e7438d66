import { callApi } from "./api.js";
import { counted } from "./words.js";

/** Shows on the empty page what is indexed, and questions that the documents answer. */
export async function showAbout(ask) {
  const { sources, questions } = await (await callApi("about")).json();
  document.getElementById("indexed").textContent = sources.length === 0 ? "" : `Indexed: ${listOf(sources)}.`;
  const items = questions.map((question) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = question;
    button.addEventListener("click", () => ask(question));
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  const examples = document.getElementById("examples");
  examples.replaceChildren(...items);
  examples.hidden = items.length === 0;
}

const mostNamed = 5;

function listOf(sources) {
  const named = sources
    .slice(0, mostNamed)
    .map(({ name, documents }) => `${name} (${counted(documents, "document")})`);
  const more = sources.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
