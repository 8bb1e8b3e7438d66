/** Says which values may leave an object. Everything that is not allowed here stays hidden. */
export interface RedactionOptions {
  /**
   * `out`: Secrets yield no document. `keys`: a Secret yields a document with its name, its type and the
   * names of its keys. Values never leave.
   * @default "out"
   */
  readonly secrets?: "out" | "keys" | undefined;
  /** ConfigMaps whose values are shown, after they pass the patterns for secrets. All others show their keys
   * only. @default none */
  readonly configMapValues?: ConfigMapSelection | undefined;
  /** Annotations whose values are shown, besides descriptions and owners. @default none */
  readonly annotations?: readonly string[] | undefined;
}

/** ConfigMaps in any of the namespaces, or with the label. */
export interface ConfigMapSelection {
  /** @default none */
  readonly namespaces?: readonly string[] | undefined;
  /** A label such as `docs=public`. @default none */
  readonly label?: string | undefined;
}
