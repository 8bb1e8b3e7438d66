import type { Metadata, Telemetry } from "@binnacle/core";
import { noTelemetry } from "@binnacle/core/kit";
import { ObservedPart, withParent, type OpenCall } from "@binnacle/core/telemetry";
import type { Answer, AnswerEvent, Answerer, AnswerOptions } from "../answering/answer.ts";
import { checkQuestion } from "../answering/answerer-options.ts";
import { createAnswerStream } from "../answering/create-answer-stream.ts";

/** Options of {@link observeAnswerer}. */
export interface ObserveAnswererOptions {
  readonly telemetry: Telemetry;
  /** Name of the answerer in the measurements, such as the name of its index. */
  readonly answerer: string;
}

/**
 * Reports the calls of an answerer: duration, answers by mode and reason of refusal, confidence and citations.
 * An observed retriever and an observed backend inside report the stages as spans below it. Returns the
 * answerer itself if the telemetry records nothing.
 */
export function observeAnswerer<M extends Metadata>(
  inner: Answerer<M>,
  { telemetry, answerer }: ObserveAnswererOptions,
): Answerer<M> {
  if (telemetry === noTelemetry) return inner;
  const part = new ObservedPart({ telemetry, part: "answerer", labels: { answerer }, attributes: ["mode"] });
  const report = reporter(telemetry, answerer);
  return {
    answer: (question, options) =>
      part.run({ operation: "answer", options }, async (given, open) => {
        const answer = await inner.answer(question, given);
        report(open, answer);
        return answer;
      }),
    stream: (question, options = {}) => {
      checkQuestion("stream", question, options);
      return createAnswerStream(options.signal, (signal) =>
        events({ inner, part, report }, question, { ...options, signal }),
      );
    },
  };
}

interface ObservedAnswerer<M extends Metadata> {
  readonly inner: Answerer<M>;
  readonly part: ObservedPart;
  readonly report: Report;
}

async function* events<M extends Metadata>(
  { inner, part, report }: ObservedAnswerer<M>,
  question: string,
  options: AnswerOptions<M>,
): AsyncGenerator<AnswerEvent, void> {
  const open = part.start("stream", options.traceparent);
  try {
    for await (const event of inner.stream(question, withParent(options, open.span.traceparent))) {
      if (event.type === "finish") report(open, event.answer);
      yield event;
    }
    open.end();
  } catch (error) {
    open.end({ error, isAborted: options.signal?.aborted === true });
    throw error;
  } finally {
    // A call that is still open here was left in the middle of its loop.
    open.end({ error: undefined, isAborted: true });
  }
}

type Report = (open: OpenCall, answer: Answer) => void;

function reporter(telemetry: Telemetry, answerer: string): Report {
  const attributes = ["answerer"];
  const answers = telemetry.counter("binnacle.answerer.answers", {
    unit: "items",
    description: "Answers by mode, and refusals by reason.",
    attributes: ["answerer", "mode", "refusal"],
  });
  const confidence = telemetry.histogram("binnacle.answerer.confidence", {
    unit: "ratio",
    description: "Probability that the passages contain the answer.",
    attributes,
  });
  const citations = telemetry.histogram("binnacle.answerer.citations", {
    unit: "items",
    description: "Citations of one answer.",
    attributes,
  });
  return (open, answer) => {
    const { mode, refusal } = answer;
    open.setAttributes({
      mode,
      refusal: refusal?.reason,
      confidence: answer.confidence,
      citations: answer.citations.length,
    });
    answers.add(1, { answerer, mode, refusal: refusal?.reason });
    if (answer.confidence !== undefined) confidence.record(answer.confidence, { answerer });
    if (mode !== "none") citations.record(answer.citations.length, { answerer });
  };
}
