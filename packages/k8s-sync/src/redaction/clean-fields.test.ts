import { describe, expect, it } from "vitest";
import type { JsonObject } from "../objects/json-at.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { resources } from "../fixtures/resources.ts";
import { createRedactor } from "./create-redactor.ts";

const widget: ResourceType = {
  ...resources.widget,
  definition: { columns: [], hiddenPaths: [], opaquePaths: [] },
};
const volume = { ...resources.node, kind: "PersistentVolume", plural: "persistentvolumes" };
const key = "4f3c2b1a9d8e7f6a5b4c3d2e1f0a9b8c";

function spec(fields: JsonObject, type = widget): unknown {
  return createRedactor()({ metadata: { name: "w" }, spec: fields }, type)?.object["spec"];
}

describe("a field below a secret field", () => {
  it.each([
    { auth: { key: "hunter2xy" } },
    { pinCode: 1234 },
    { auth: { key, path: "/x" } },
    { apiCredentials: { key: `sk_live_${key}` } },
    { credentials: { name: key } },
    { credentials: { name: "Hunter 2" } },
    { token: { kind: "hunter2xy" } },
    { token: { group: "Hunter2" } },
    { secret: { driver: `sk_live_${key}` } },
    { auth: { name: "admin", key: "hunter2xy", password: "x" } },
    { auth: [{ key: "hunter2xy" }] },
  ])("is hidden if it is no reference: %j", (fields) => {
    expect(JSON.stringify(spec(fields))).toContain("(hidden)");
    expect(JSON.stringify(spec(fields))).not.toMatch(/4f3c2b1a9|hunter/i);
  });

  it.each([
    { passwordSecretRef: { name: "db", key: "password" } },
    { auth: { secretName: "db" } },
    {
      credentials: {
        kind: "Secret",
        apiVersion: "v1",
        group: "shop.example.com",
        namespace: "shop",
        name: "db",
      },
    },
    { secret: { secretName: "tls", items: [{ key: "tls.crt" }] } },
  ])("stays if it is a reference: %j", (fields) => {
    expect(spec(fields)).toEqual(fields);
  });

  it("is hidden in the attributes of a volume, whatever its name is", () => {
    const attributes = { key: "hunter2xy", name: "hunter2xy", driver: "hunter2xy" };
    const csi = { driver: "smb.csi.k8s.io", volumeAttributes: attributes };
    const flex = { driver: "example.com/smb", options: attributes, secretRef: { name: "smb" } };
    const shown = spec({ csi, flexVolume: flex }, { ...volume, definition: undefined });
    expect(JSON.stringify(shown)).not.toContain("hunter2xy");
    expect(shown).toMatchObject({
      csi: { driver: csi.driver },
      flexVolume: { driver: flex.driver, secretRef: { name: "smb" } },
    });
  });
});

describe("a field of a custom resource", () => {
  it.each(["podMetadata", "metadata", "template", "podTemplate"])("hides the annotations of %s", (name) => {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": '{"env":"hunter2xy"}' };
    expect(spec({ [name]: { annotations } })).toEqual({ [name]: {} });
    expect(spec({ serviceAnnotations: annotations })).toEqual({});
  });

  it("shows the annotations of an alert, because they are its text", () => {
    const rules = [{ alert: "Down", annotations: { summary: "The shop is down" } }];
    expect(spec({ rules })).toEqual({ rules });
  });

  it.each(["environmentVariables", "envVar", "extraEnv", "pod_environment", "containerEnvVariables"])(
    "reads %s as an environment",
    (name) => {
      expect(spec({ [name]: [{ name: "DB", value: "hunter2xy" }] })).toEqual({
        [name]: [{ name: "DB", value: "(hidden)" }],
      });
    },
  );

  it("hides the default of a parameter whose name tells a secret", () => {
    expect(spec({ parameters: [{ name: "adminPassword", default: "hunter2xy" }] })).toEqual({
      parameters: [{ name: "adminPassword", default: "(hidden)" }],
    });
  });
});
