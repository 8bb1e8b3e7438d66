/** Shows at the top of the page why something failed, or removes the message. */
export function tell(error) {
  if (error?.name === "AbortError") return;
  const trouble = document.getElementById("trouble");
  trouble.textContent = error?.message ?? "";
  trouble.hidden = error === undefined;
}

/** Returns a listener that tells why its action failed. The button cannot be used meanwhile. */
export function telling(act) {
  return async ({ currentTarget: button }) => {
    tell(undefined);
    button.disabled = true;
    try {
      await act();
    } catch (error) {
      tell(error);
      document.getElementById("trouble").scrollIntoView({ block: "nearest" });
    } finally {
      button.disabled = false;
    }
  };
}
