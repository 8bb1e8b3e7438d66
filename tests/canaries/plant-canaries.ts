import { BinnacleError } from "@binnacle/core";
import { widgetDefinition } from "../../packages/k8s-sync/src/fixtures/widget-definition.ts";
import { resourcePath } from "../../packages/k8s-sync/src/cluster/resource-path.ts";
import { plainCanary, textCanary } from "../../packages/k8s-sync/src/redaction/fixtures/canaries.ts";
import { hidingPlaces } from "../../packages/k8s-sync/src/redaction/fixtures/hiding-places.ts";
import { makeTlsCertificates } from "../servers/tls-certificates.ts";
import { until } from "../servers/until.ts";
import type { Cluster } from "./cluster.ts";

/** A secret that was written to the cluster. */
export interface Planted {
  readonly place: string;
  /** Forms of the secret, none of which may be seen again. */
  readonly forms: readonly string[];
}

const namespace = "canaries";

/** Creates the namespace and the custom type, and plants `count` secrets, over all hiding places in turn. */
export async function plantCanaries(cluster: Cluster, count: number): Promise<readonly Planted[]> {
  await cluster.create("/api/v1/namespaces", { metadata: { name: namespace } });
  await cluster.create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", widgetDefinition);
  // The object that the planted events are about.
  const web = { metadata: { name: "web" }, spec: { ports: [{ port: 80 }] } };
  await cluster.create(`/api/v1/namespaces/${namespace}/services`, web);
  await until(() => isServed(cluster), "the API server to serve widgets");
  const certificate = await authority();
  const planted: Planted[] = [];
  for (let number = 0; number < count; number++) {
    const place = hidingPlaces[number % hidingPlaces.length];
    if (place === undefined) throw new RangeError("There are no hiding places.");
    planted.push(await plant(cluster, { place, number, certificate }));
  }
  return planted;
}

interface Planting {
  readonly place: (typeof hidingPlaces)[number];
  readonly number: number;
  /** A real authority: the API server refuses any other text as `caBundle`. */
  readonly certificate: string;
}

async function plant(cluster: Cluster, { place, number, certificate }: Planting): Promise<Planted> {
  const round = Math.floor(number / hidingPlaces.length);
  const { value, secret } = place.isText || round % 2 === 1 ? textCanary(number) : plainCanary(number);
  const name = `canary-${number}`;
  const isCertificate = place.place.startsWith("caBundle");
  const object = place.object(value, name);
  const sent = isCertificate
    ? withCertificate(object, certificate)
    : { ...object, ...ownReason(place, number) };
  const path = resourcePath(place.type, place.type.namespaced ? namespace : undefined);
  try {
    await cluster.create(path, sent);
    if (place.place.includes("status message") || place.place.startsWith("condition")) {
      const read = await cluster.read(`${path}/${name}`);
      await cluster.putStatus(`${path}/${name}`, { ...Object(read), status: object["status"] });
    }
  } catch (cause) {
    const why = BinnacleError.isInstance(cause) ? cause.message : String(cause);
    throw new Error(`The API server refuses the object for "${place.place}": ${why}`, { cause });
  }
  const forms = isCertificate
    ? [certificate.slice(60, 120)]
    : [secret, Buffer.from(secret).toString("base64")];
  return { place: place.place, forms };
}

/** A document shows the last warning of each reason, so each event has a reason of its own. */
function ownReason({ type }: Planting["place"], number: number): { readonly reason?: string } {
  return type.plural === "events" ? { reason: `Failed${number}` } : {};
}

function withCertificate(object: unknown, certificate: string): unknown {
  return JSON.parse(JSON.stringify(object), (key, value: unknown) =>
    key === "caBundle" ? certificate : value,
  );
}

async function authority(): Promise<string> {
  const certificates = await makeTlsCertificates();
  certificates.remove();
  return Buffer.from(certificates.ca).toString("base64");
}

async function isServed(cluster: Cluster): Promise<boolean> {
  try {
    await cluster.read(`/apis/shop.example.com/v1/namespaces/${namespace}/widgets`);
    return true;
  } catch (error) {
    if (BinnacleError.isInstance(error)) return false;
    throw error;
  }
}
