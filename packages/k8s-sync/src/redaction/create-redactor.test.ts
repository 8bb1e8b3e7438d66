import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDefinition } from "../objects/read-definition.ts";
import { widgetDefinition } from "../fixtures/widget-definition.ts";
import { resources } from "../fixtures/resources.ts";
import { createObjectDescriber } from "../rendering/create-object-describer.ts";
import { createRedactor } from "./create-redactor.ts";
import { plainCanary, textCanary } from "./fixtures/canaries.ts";
import { hidingPlaces, type HidingPlace } from "./fixtures/hiding-places.ts";

const definition = readDefinition(widgetDefinition, "v1");

/** Everything that leaves the package: the redacted object, the document, and the folded facts. */
function everythingOf(hidingPlace: HidingPlace, value: string, secrets: "out" | "keys"): string {
  const type = hidingPlace.type === resources.widget ? { ...resources.widget, definition } : hidingPlace.type;
  const object = hidingPlace.object(value, "canary");
  const describer = createObjectDescriber({ cluster: "lab", secrets });
  const redacted = createRedactor({ secrets })(object, type)?.object;
  return JSON.stringify([redacted, describer.read(object, type), describer.describe(object, type)]);
}

describe("a secret", () => {
  it.each(hidingPlaces.map((hidingPlace) => [hidingPlace.place, hidingPlace] as const))(
    "never leaves: %s",
    (_, hidingPlace) => {
      for (let number = 0; number < 8; number++) {
        const isPlain = !hidingPlace.isText && number === 0;
        const canaries = [textCanary(number), ...(isPlain ? [plainCanary(number)] : [])];
        for (const { value, secret } of canaries) {
          for (const secrets of ["out", "keys"] as const) {
            const seen = everythingOf(hidingPlace, value, secrets);
            expect(seen).not.toContain(secret);
            expect(seen).not.toContain(Buffer.from(secret).toString("base64"));
          }
        }
      }
    },
  );

  it("never leaves a place that only its name marks, whatever its text is (T40)", () => {
    const word = fc.string({ minLength: 9, maxLength: 40, unit: "grapheme" }).map((text) => `«${text}»`);
    const places = hidingPlaces.filter(({ isText, type }) => !isText && type !== resources.webhook);
    // These places show the rest of a text, so that a separator in the secret ends it.
    const structural = places.filter(
      ({ place }) => !/URL|path|header in a shell|variable before/.test(place),
    );
    fc.assert(
      fc.property(fc.constantFrom(...structural), word, (hidingPlace, secret) => {
        expect(everythingOf(hidingPlace, secret, "keys")).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
      { numRuns: 100 },
    );
  });
});

describe("createRedactor", () => {
  const redact = createRedactor();

  it("yields nothing for a Secret by default, and names its keys only on request", () => {
    const secret = {
      metadata: { name: "db", namespace: "shop" },
      type: "Opaque",
      data: { password: "aGFyYm91cg==" },
    };
    expect(redact(secret, resources.secret)).toBeUndefined();
    const shown = createRedactor({ secrets: "keys" })(secret, resources.secret);
    expect(shown?.object).toMatchObject({ type: "Opaque", keys: ["password"] });
    expect(JSON.stringify(shown)).not.toContain("aGFyYm91cg");
  });

  it("shows the values of chosen ConfigMaps, without the secrets in them", () => {
    const settings = {
      metadata: { name: "web", namespace: "docs" },
      data: { "a.conf": "level=debug\npassword=harbour7\n" },
    };
    const shown = createRedactor({ configMapValues: { namespaces: ["docs"] } })(
      settings,
      resources.configMap,
    );
    expect(shown?.object["data"]).toEqual({ "a.conf": "level=debug\npassword=(hidden)\n" });
    expect(redact(settings, resources.configMap)?.object["data"]).toEqual({ "a.conf": "(hidden)" });
  });

  it("hides the spec of a custom resource whose schema is not known", () => {
    const widget = { metadata: { name: "w" }, spec: { size: 3, phrase: "harbour lamp" } };
    expect(redact(widget, resources.widget)?.object["spec"]).toEqual({ size: 3, phrase: "(hidden)" });
    const shown = redact(widget, { ...resources.widget, definition: { ...definition, hiddenPaths: [] } });
    expect(shown?.object["spec"]).toEqual({ size: 3, phrase: "harbour lamp" });
  });

  it("keeps references to Secrets, because they are relations", () => {
    const pod = {
      metadata: { name: "web" },
      spec: {
        imagePullSecrets: [{ name: "registry" }],
        containers: [
          {
            name: "main",
            env: [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }],
          },
        ],
        volumes: [
          { name: "tls", secret: { secretName: "web-tls", items: [{ key: "tls.crt", path: "crt" }] } },
        ],
      },
    };
    const text = JSON.stringify(redact(pod, resources.pod)?.object);
    for (const name of ["registry", '"name":"db"', '"key":"password"', "web-tls", "tls.crt"])
      expect(text).toContain(name);
  });

  it("masks a value of env wherever a message repeats it", () => {
    const pod = {
      metadata: { name: "web" },
      spec: { containers: [{ name: "main", env: [{ name: "DB_PASSWORD", value: "harbour lamp" }] }] },
      status: { phase: "Failed", message: "login with harbour lamp failed" },
    };
    const redacted = redact(pod, resources.pod);
    expect(redacted?.object["status"]).toEqual({ phase: "Failed", message: "login with (hidden) failed" });
    expect(redacted?.mask("event: harbour lamp is wrong")).toBe("event: (hidden) is wrong");
  });

  it("masks a value of env in annotations and arguments that repeat it", () => {
    const container = {
      name: "main",
      env: [{ name: "DB_PASSWORD", value: "harbour7" }],
      args: ["run", "harbour7"],
    };
    const pod = {
      metadata: { name: "web", annotations: { description: "Log in with harbour7." } },
      spec: { containers: [container] },
    };
    expect(JSON.stringify(redact(pod, resources.pod)?.object)).not.toContain("harbour7");
  });

  it("masks neither names nor images, labels and keys, whatever the password is", () => {
    const labels = { app: "postgres", tier: "postgres-main" };
    const container = { name: "postgres", image: "postgres:16", args: ["gunicorn", "-w", "4", "-p", ""] };
    const env = [{ name: "POSTGRES_PASSWORD", value: "postgres" }];
    const deployment = {
      metadata: { name: "postgres", namespace: "shop", labels },
      spec: { template: { metadata: { labels }, spec: { containers: [{ ...container, env }] } } },
      status: { message: "postgres-main has 4 pods", counts: { postgres: 4 } },
    };
    const described = createObjectDescriber({ cluster: "lab" }).describe(deployment, resources.deployment);
    expect(described?.title).toBe("Deployment shop/postgres");
    expect(described?.metadata).toMatchObject({
      key: "Deployment.apps/shop/postgres",
      images: ["postgres:16"],
      podLabels: ["app=postgres", "tier=postgres-main"],
    });
    const redacted = redact(deployment, resources.deployment);
    expect(redacted?.object["status"]).toEqual(deployment.status);
    expect(redacted?.mask("4 of 14 workers run")).toBe("4 of 14 workers run");
  });

  it("masks a password inside a message, but not inside the object's name", () => {
    const container = { name: "main", env: [{ name: "DB_PASSWORD", value: "harbour" }] };
    const pod = {
      metadata: { name: "harbour-web" },
      spec: { containers: [container] },
      status: { message: "harbour-web: login with harbour failed" },
    };
    expect(redact(pod, resources.pod)?.object["status"]).toEqual({
      message: "harbour-web: login with (hidden) failed",
    });
  });

  it("leaves names, images, digests and paths alone", () => {
    const image = `registry.example.com/shop/web@sha256:${"0a1b".repeat(16)}`;
    const pod = {
      metadata: { name: "web-5f7d8c9b4-x2x4z", labels: { "pod-template-hash": "5f7d8c9b4" } },
      spec: {
        nodeName: "ip-10-0-12-34.eu-west-1.compute.internal",
        containers: [{ name: "main", image, workingDir: "/usr/local/share/app2/data" }],
      },
    };
    expect(redact(pod, resources.pod)?.object).toEqual(pod);
  });
});
