import { errorText, type ErrorSection } from "../error-section.ts";

export const anyCall: ErrorSection = {
  title: "Any call",
  codes: {
    invalid_configuration: errorText(
      "An option or an argument cannot work. Nothing was sent or written.",
      "A typing error, a missing option, or a value out of range.",
      "Read `issues`: each entry names the field, the value and the way out.",
    ),
    closed: errorText(
      "The object was closed before the call.",
      "`close()` ran earlier, or a shared object was closed by another part.",
      "Create a new object, or close it later.",
    ),
    timeout: errorText(
      "A time limit passed. `phase` names the step and `afterMs` the limit.",
      "A slow or silent server, or a short limit.",
      "Raise the limit that the message names, or repair the server.",
    ),
    unsupported: errorText(
      "A store or a server lacks the capability that the call needs. `capability` names it.",
      "A model without vision or tools, or a store without sparse vectors.",
      "Use another model or store, or do not ask for the capability.",
    ),
    invalid_response: errorText(
      "A server, or a function of the app, returned something that breaks its API. Nothing of it was used.",
      "Another program answers at the address, or a function returns too few results.",
      "Check the address, and the server's log.",
    ),
    overloaded: errorText(
      "Too many calls wait in this process, so it refused one more.",
      "More load than the limit allows.",
      "Try again after `retryAfterMs`, or raise the limit that the message names.",
    ),
    circuit_open: errorText(
      "The server failed so often that this process does not call it for now.",
      "The server is down or restarting.",
      "Wait for `retryAfterMs`. Calls start again once the server answers.",
    ),
    already_iterated: errorText(
      "A stream was iterated twice.",
      "Two loops read the same stream.",
      "Await `result`, or start a new stream.",
    ),
    abandoned: errorText(
      "Work was stopped because no caller waited for it any more.",
      "All callers aborted, or another attempt was faster.",
      "Nothing. Callers see the reason of their own abort instead.",
    ),
    internal: errorText(
      "Binnacle made a mistake.",
      "A bug.",
      "Please report it with the message and the `cause`.",
    ),
    unexpected_error: errorText(
      "Something that is not a `BinnacleError` was thrown during a run.",
      "A bug in a source, a chunker or a callback of the app.",
      "Look at `cause`.",
    ),
  },
};
