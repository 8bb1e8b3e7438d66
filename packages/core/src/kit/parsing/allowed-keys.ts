/**
 * Returns the keys that a zod schema allows at a path, or undefined if the schema has no object there. It
 * reads the definitions without their types, because zod has one type per kind of schema.
 */
export function allowedKeys(schema: unknown, path: readonly PropertyKey[]): readonly string[] | undefined {
  let definition = definitionOf(schema);
  for (const key of path) {
    const next =
      member(member(definition, "shape"), key) ??
      member(definition, "element") ??
      member(definition, "valueType");
    definition = definitionOf(next);
  }
  const shape = member(definition, "shape");
  return typeof shape === "object" && shape !== null ? Object.keys(shape) : undefined;
}

/** Returns the definition inside `optional`, `default`, `readonly` and `pipe`. */
function definitionOf(schema: unknown): unknown {
  let definition = member(schema, "def");
  for (let inner = innerOf(definition); inner !== undefined; inner = innerOf(definition))
    definition = member(inner, "def");
  return definition;
}

function innerOf(definition: unknown): unknown {
  return member(definition, "innerType") ?? member(definition, "in");
}

function member(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
