import {
  jsonAt,
  listAt,
  numberAt,
  objectAt,
  scalarAt,
  stringAt,
  type JsonObject,
} from "../../objects/json-at.ts";
import { podState } from "../../folding/pod-state.ts";
import { counted } from "../phrases.ts";
import type { SentenceTemplate } from "../sentence-template.ts";
import { podTemplateSentences } from "./pod-template-sentences.ts";

const deployment: SentenceTemplate = ({ spec, status }) => {
  const wanted = numberAt(spec, "replicas") ?? 1;
  const ready = numberAt(status, "readyReplicas") ?? 0;
  const updated = numberAt(status, "updatedReplicas") ?? 0;
  const strategy = stringAt(spec, "strategy", "type") ?? stringAt(spec, "updateStrategy", "type");
  return [
    wanted === 0 ? "is scaled to zero" : `has ${ready} of ${counted(wanted, "replica")} ready`,
    ...(jsonAt(spec, "paused") === true ? ["Its rollout is paused"] : []),
    ...(updated > 0 && updated < wanted ? [`${updated} of them run the newest template`] : []),
    ...podTemplateSentences(objectAt(spec, "template", "spec")),
    ...(strategy === undefined ? [] : [`Its update strategy is ${strategy}`]),
  ];
};

const daemonSet: SentenceTemplate = ({ spec, status }) => {
  const wanted = numberAt(status, "desiredNumberScheduled") ?? 0;
  const ready = numberAt(status, "numberReady") ?? 0;
  return [
    `runs on ${counted(wanted, "node")} and is ready on ${ready}`,
    ...podTemplateSentences(objectAt(spec, "template", "spec")),
  ];
};

const job: SentenceTemplate = ({ spec, status }) => {
  const [wanted, done, failed] = [
    numberAt(spec, "completions") ?? 1,
    numberAt(status, "succeeded") ?? 0,
    numberAt(status, "failed") ?? 0,
  ];
  const failures = failed === 0 ? "" : ` and ${counted(failed, "failed pod")}`;
  return [
    `has ${done} of ${counted(wanted, "completion")}${failures}`,
    ...podTemplateSentences(objectAt(spec, "template", "spec")),
  ];
};

const cronJob: SentenceTemplate = ({ spec, status }) => {
  const zone = stringAt(spec, "timeZone");
  const active = listAt(status, "active").length;
  return [
    `runs on the schedule "${stringAt(spec, "schedule") ?? ""}"${zone === undefined ? "" : ` in time zone ${zone}`}`,
    ...(jsonAt(spec, "suspend") === true ? ["It is suspended"] : []),
    ...(active === 0 ? [] : [`${counted(active, "job")} of it ${active === 1 ? "is" : "are"} active`]),
    `Its concurrency policy is ${stringAt(spec, "concurrencyPolicy") ?? "Allow"}`,
    ...podTemplateSentences(objectAt(spec, "jobTemplate", "spec", "template", "spec")),
  ];
};

const pod: SentenceTemplate = ({ object, spec }) => {
  const { words } = podState(object);
  return [`is ${words}`, ...podTemplateSentences(spec), ...scheduled(spec)];
};

function scheduled(spec: JsonObject): readonly string[] {
  const grace = scalarAt(spec, "terminationGracePeriodSeconds");
  return grace === undefined || grace === "30" ? [] : [`It has ${grace} seconds to end`];
}

/** The templates of workloads. */
export const workloadSentences: Readonly<Record<string, SentenceTemplate>> = {
  Pod: pod,
  "Deployment.apps": deployment,
  "ReplicaSet.apps": deployment,
  ReplicationController: deployment,
  "StatefulSet.apps": deployment,
  "DaemonSet.apps": daemonSet,
  "Job.batch": job,
  "CronJob.batch": cronJob,
};
