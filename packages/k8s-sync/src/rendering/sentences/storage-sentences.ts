import { jsonAt, objectAt, stringAt, stringsAt, type JsonObject } from "../../objects/json-at.ts";
import { joinWords } from "../phrases.ts";
import type { SentenceTemplate } from "../sentence-template.ts";

const claim: SentenceTemplate = ({ spec, status }) => {
  const phase = stringAt(status, "phase") ?? "Pending";
  const size = stringAt(status, "capacity", "storage") ?? stringAt(spec, "resources", "requests", "storage");
  const modes = stringsAt(spec, "accessModes");
  return [
    `is ${phase} and asks for ${size ?? "an unknown size"}`,
    ...(modes.length === 0 ? [] : [`Its access mode is ${joinWords(modes)}`]),
    ...(phase === "Pending" && !hasVolume(spec)
      ? ["It names no storage class and no volume, so it waits for a volume that fits"]
      : []),
  ];
};

function hasVolume(spec: JsonObject): boolean {
  return stringAt(spec, "storageClassName") !== undefined || stringAt(spec, "volumeName") !== undefined;
}

const volume: SentenceTemplate = ({ spec, status }) => {
  const size = stringAt(spec, "capacity", "storage") ?? "unknown size";
  const source = Object.keys(spec).find((key) => volumeSources.has(key));
  const driver = stringAt(spec, "csi", "driver");
  return [
    `is a volume of ${size} in phase ${stringAt(status, "phase") ?? "unknown"}`,
    `Its reclaim policy is ${stringAt(spec, "persistentVolumeReclaimPolicy") ?? "Retain"}`,
    ...(source === undefined ? [] : [`It is a ${driver ?? source} volume`]),
  ];
};

const volumeSources: ReadonlySet<string> = new Set([
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "csi",
  "fc",
  "gcePersistentDisk",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "rbd",
]);

const storageClass: SentenceTemplate = ({ object }) => {
  const isDefault =
    stringAt(objectAt(object, "metadata", "annotations"), "storageclass.kubernetes.io/is-default-class") ===
    "true";
  return [
    `provisions volumes by ${stringAt(object, "provisioner") ?? "an unknown provisioner"}`,
    ...(isDefault ? ["It is the default class"] : []),
    `Its reclaim policy is ${stringAt(object, "reclaimPolicy") ?? "Delete"} and its binding mode is ${stringAt(object, "volumeBindingMode") ?? "Immediate"}`,
    ...(jsonAt(object, "allowVolumeExpansion") === true ? ["Its volumes can grow"] : []),
  ];
};

const driver: SentenceTemplate = () => ["is a storage driver of the cluster"];

/** The templates of storage objects. */
export const storageSentences: Readonly<Record<string, SentenceTemplate>> = {
  PersistentVolumeClaim: claim,
  PersistentVolume: volume,
  "StorageClass.storage.k8s.io": storageClass,
  "CSIDriver.storage.k8s.io": driver,
};
