import { openDialog } from "../form.js";
import { Failure, request } from "../request.js";
import { sizeText } from "../words.js";

const byId = (id) => document.getElementById(id);
/** A larger file is not read into memory for its checksum. */
const mostHashed = 500_000_000;

/** Asks for a free name, and restores a stored snapshot under it. */
export function openRestore({ address, snapshot: { collection, bytes, sha256 }, when }) {
  const what = `The snapshot of ${collection}, ${when}, ${sizeText(bytes)}.`;
  prepare({ what, name: `${collection}-restored`, isUpload: false });
  openDialog(byId("restore"), async ({ name }) => {
    requireName(name);
    await restore({ name, sha256, body: await (await request(address)).blob() });
  });
}

/** Asks for a file and a free name, and restores the snapshot in the file. */
export function openUpload() {
  prepare({ what: "A snapshot that was downloaded before.", name: "", isUpload: true });
  byId("restore").querySelector("form").reset();
  openDialog(byId("restore"), async ({ name, file, sha256 }) => {
    if (file.size === 0) throw issueOf("file", "Choose the file of a snapshot.");
    requireName(name);
    await restore({ name, sha256: sha256.trim().toLowerCase() || (await sumOf(file)), body: file });
  });
}

function prepare({ what, name, isUpload }) {
  byId("restore-what").textContent = what;
  byId("restore-name").value = name;
  for (const id of ["restore-file-field", "restore-sum-field"]) byId(id).hidden = !isUpload;
}

async function restore({ name, sha256, body }) {
  const target = name.trim();
  try {
    await request(`collections/${encodeURIComponent(target)}/restore?sha256=${sha256}`, { body });
  } catch (error) {
    if (error.code === "name_taken") throw issueOf("name", `There is a collection "${target}" already.`);
    throw error.code === "checksum_mismatch" ? issueOf("sha256", "The file has another checksum.") : error;
  }
  location.hash = encodeURIComponent(target);
}

/** Browsers compute checksums only on pages that are served over HTTPS or from this machine. */
async function sumOf(file) {
  if (globalThis.crypto?.subtle === undefined || file.size > mostHashed)
    throw issueOf("sha256", "The browser cannot compute it here. Enter the checksum that the page showed.");
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function requireName(name) {
  if (name.trim() === "") throw issueOf("name", "Give the new collection a name.");
}

function issueOf(path, message) {
  return new Failure(message, { issues: [{ path, message }] });
}
