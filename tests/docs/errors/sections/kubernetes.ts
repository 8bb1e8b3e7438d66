import { errorText, type ErrorSection } from "../error-section.ts";

export const kubernetes: ErrorSection = {
  title: "Kubernetes",
  codes: {
    api_unavailable: errorText(
      "A group of the cluster's API does not answer, so its types are unknown. Their documents stay.",
      "An APIService whose server is down.",
      "Repair or delete the APIService that the message names.",
    ),
    invalid_kubeconfig: errorText(
      "The kubeconfig cannot be read, or it names no cluster.",
      "A wrong path or context, or a mistake in the YAML.",
      "Give the right `path` and `context`.",
    ),
    lost_leadership: errorText(
      "Another replica leads, or the Lease could not be renewed in time.",
      "An API server that does not answer, or a process that was paused.",
      "Nothing. The replica waits to lead again.",
    ),
    missing_client: errorText(
      "`@kubernetes/client-node` cannot be loaded.",
      "The optional package is not installed, or Node is older than 22.19.",
      "Run `npm install @kubernetes/client-node`.",
    ),
    no_credentials: errorText(
      "The kubeconfig's user has no usable credentials.",
      "A login that expired, or a command or file that is missing.",
      "Log in again. The source asks for the credentials again by itself.",
    ),
    no_rights: errorText(
      "The credentials may not list any of the selected types. The index is unchanged.",
      "No ClusterRole is bound to the user.",
      "Bind a ClusterRole with `get`, `list` and `watch` on the types.",
    ),
    object_changed: errorText(
      "The object changed between the watch event and the read. Its new state follows.",
      "A busy object while the indexer is behind.",
      "Nothing. `follow` retries by itself.",
    ),
    other_cluster: errorText(
      "The index was made from another cluster. It is unchanged.",
      "The same `cluster` name for two clusters, or a cluster that was created anew.",
      "Use another `cluster` name, or remove the old documents with `removeSource`.",
    ),
    server_too_old: errorText(
      "The API server is older than 1.20.",
      "A cluster that was not upgraded for years.",
      "Upgrade the cluster.",
    ),
    undescribable_object: errorText(
      "An object has a shape that cannot be described. Its last document stays.",
      "A defect of this package.",
      "Report the type and the shape of the object.",
    ),
    unknown_kind: errorText(
      "`kinds` names a type that the cluster does not serve with list and watch.",
      "A misspelt name, or a CustomResourceDefinition that is not installed.",
      "Use a name that `kubectl api-resources` shows.",
    ),
    unknown_namespace: errorText(
      "`namespaces.include` names a namespace that does not exist.",
      "A misspelt name.",
      "Create the namespace, or correct the name.",
    ),
    watch_ended: errorText(
      "A streaming list ended before it was complete. It is asked for in pages.",
      "A proxy or an API server that restarts.",
      "Nothing. The source retries by itself.",
    ),
    watch_impossible: errorText(
      "The server refuses every watch of a type, so the type is listed at intervals.",
      "A broken extension API server.",
      "Repair the server behind the type, or exclude the type.",
    ),
    watch_silent: errorText(
      "A watch is open but sends nothing, not even bookmarks. It is opened again.",
      "A network device that dropped the connection, or an API server that hangs.",
      "Nothing. If it happens often, look for proxies between the source and the API server.",
    ),
    watch_incomplete: errorText(
      "The watch has missed changes, as a comparison with the cluster showed, so the list begins again.",
      "A proxy or an API server that drops events.",
      "Nothing. The documents are in step after the list.",
    ),
  },
};
