import { createHash, randomBytes } from "node:crypto";
import type { Environment } from "./config.ts";
import type { Logger } from "./log.ts";

/** Something that took time on the way of one message. Words of people and tools stay out of it. */
export type SpanRecord = {
  /** The message whose trace this is: of an answer, the question's. */
  readonly traceOf: bigint;
  readonly name: string;
  /** Under which key others name it as their parent. Once per trace; without it nobody can. */
  readonly key?: SpanKey;
  /** Absent: the root. */
  readonly parent?: SpanKey;
  readonly kind?: "internal" | "server" | "client";
  /** Unix milliseconds. */
  readonly startMs: number;
  /** Default: now. */
  readonly endMs?: number;
  /** Names, numbers and words of closed sets. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** A word for what went wrong. */
  readonly failure?: string | undefined;
};

/** The spans that have others under them, over all processes. */
export type SpanKey = "message" | "store" | "run" | "answer" | "store_answer";

export type Tracing = AsyncDisposable & { record(span: SpanRecord): void };

const exportEveryMs = 1_000;
const exportWithinMs = 5_000;
const shutdownWithinMs = 2_000;

/**
 * Records spans and exports them over OTLP/HTTP, where `OTEL_EXPORTER_OTLP_ENDPOINT` names a
 * collector; undefined where it does not: nothing of the SDK is loaded then. `OTEL_TRACES_SAMPLER_ARG`
 * is the share of the traces, 0 to 1, that is kept; all services keep the same ones. A collector that
 * is away costs spans, never the service.
 *
 * Nothing is passed along between services: ids come from the message's id, which all of them know.
 */
export async function openTracing(
  service: string,
  environment: Environment,
  log: Logger,
): Promise<Tracing | undefined> {
  const endpoint = environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint) return undefined;
  const [{ context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags }, sdk] =
    await Promise.all([import("@opentelemetry/api"), import("@opentelemetry/sdk-trace")]);
  const [{ OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
  ]);
  const kinds = {
    internal: SpanKind.INTERNAL,
    server: SpanKind.SERVER,
    client: SpanKind.CLIENT,
  } as const;
  const next = { traceId: "", spanId: "" };
  const url = `${endpoint.replace(/\/+$/, "")}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: exportWithinMs });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      "service.namespace": "resonance",
      "service.name": `resonance-${service}`,
    }),
    sampler: new sdk.TraceIdRatioBasedSampler(ratioOf(environment.OTEL_TRACES_SAMPLER_ARG)),
    idGenerator: {
      generateTraceId: () => next.traceId,
      generateSpanId: () => next.spanId,
    },
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter,
        scheduledDelayMillis: exportEveryMs,
        exportTimeoutMillis: exportWithinMs,
      }),
    ],
  });
  const tracer = provider.getTracer("resonance");
  log.info({ collector: new URL(url).origin }, "traces are exported");
  return {
    record(span) {
      next.traceId = traceIdOf(span.traceOf);
      next.spanId = span.key ? spanIdOf(span.traceOf, span.key) : randomBytes(8).toString("hex");
      const parent =
        span.parent === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, {
              traceId: next.traceId,
              spanId: spanIdOf(span.traceOf, span.parent),
              traceFlags: TraceFlags.SAMPLED,
              isRemote: true,
            });
      const options = {
        kind: kinds[span.kind ?? "internal"],
        startTime: span.startMs,
        attributes: { ...span.attributes, "resonance.msg_id": span.traceOf.toString() },
      };
      const started = context.with(ROOT_CONTEXT, () =>
        tracer.startSpan(span.name, options, parent),
      );
      if (span.failure !== undefined) {
        started.setAttribute("error.type", span.failure);
        started.setStatus({ code: SpanStatusCode.ERROR, message: span.failure });
      }
      // Clocks of two machines: nothing ends before it begins.
      started.end(Math.max(span.endMs ?? Date.now(), span.startMs));
    },
    async [Symbol.asyncDispose]() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, shutdownWithinMs).unref());
      const down = provider.shutdown().catch((error: unknown) => {
        log.warn({ err: error }, "the last spans could not be exported");
      });
      await Promise.race([down, late]);
    },
  };
}

/** The trace of a message, the same in every process. */
export function traceIdOf(msgId: bigint): string {
  return hashOf(`trace:${msgId}`).slice(0, 32);
}

export function spanIdOf(msgId: bigint, key: SpanKey): string {
  return hashOf(`span:${key}:${msgId}`).slice(0, 16);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function ratioOf(text: string | undefined): number {
  const ratio = Number(text || 1);
  return Number.isFinite(ratio) ? Math.min(1, Math.max(0, ratio)) : 1;
}
