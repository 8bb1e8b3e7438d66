import { sentence } from "./words.js";

// Forms in dialogs: each error is shown at its field, and the dialog stays open until the call succeeds.

/**
 * Opens a dialog. `act` runs on each submit with the form's values. The dialog closes if it succeeds and shows the
 * failure otherwise.
 */
export function openDialog(dialog, act) {
  const form = dialog.querySelector("form");
  const submit = form.querySelector('[type="submit"]');
  clearErrors(form);
  form.onsubmit = async (event) => {
    event.preventDefault();
    clearErrors(form);
    submit.disabled = true;
    try {
      await act(Object.fromEntries(new FormData(form)));
      dialog.close();
    } catch (error) {
      showFailure(form, error);
    } finally {
      submit.disabled = false;
    }
  };
  form.querySelector(".cancel").onclick = () => dialog.close();
  dialog.showModal();
}

/** Shows a failure at the fields that it names, else at the end of the form. Focuses the first of them. */
export function showFailure(form, error) {
  const unplaced = (error.issues ?? []).filter((issue) => !showIssue(form, issue));
  const isPlaced = form.querySelector(".error:not([hidden])") !== null;
  if (!isPlaced || unplaced.length > 0) {
    const rest = isPlaced
      ? unplaced.map(({ path, message }) => `${path}: ${message}`).join("; ")
      : error.message;
    show(form.querySelector(".form-error"), rest);
  }
  form.querySelector('[aria-invalid="true"]')?.focus();
}

/** Removes all errors of a form. */
export function clearErrors(form) {
  for (const error of form.querySelectorAll(".error")) error.hidden = true;
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

/** Shows an issue at the field that its path names. Returns false if the form has no such field. */
function showIssue(form, { path, message }) {
  const parts = path.split(/[./]/);
  const errors = parts.map((part) => form.querySelector(`#${form.dataset.ids}-${CSS.escape(part)}-error`));
  const at = errors.findIndex((error) => error !== null);
  if (at === -1) return false;
  form.elements.namedItem(parts[at])?.setAttribute("aria-invalid", "true");
  const inside = parts.slice(at + 1).join(".");
  show(errors[at], inside === "" ? sentence(message) : `${inside}: ${message}`);
  return true;
}

function show(element, text) {
  element.textContent = text;
  element.hidden = false;
}
