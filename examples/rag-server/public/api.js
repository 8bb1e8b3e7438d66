// The key of a server that needs one. It is kept for this tab only.
const storageKey = "binnacle.key";

/** Calls the server, with the key that the reader gave. Asks the reader for a key if the server wants one. */
export async function callApi(path, init = {}) {
  const key = keyOf();
  const headers = { ...init.headers, ...(key && { authorization: `Bearer ${key}` }) };
  const response = await fetch(path, { ...init, headers });
  if (response.status === 401) document.getElementById("key-form").hidden = false;
  return response;
}

/** Calls `onKey` each time the reader gives a key. */
export function acceptKey(onKey) {
  const form = document.getElementById("key-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    try {
      sessionStorage.setItem(storageKey, document.getElementById("key").value.trim());
    } catch {
      return; // A browser that stores nothing cannot use a server with keys.
    }
    form.hidden = true;
    onKey();
  });
}

function keyOf() {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    return undefined;
  }
}
