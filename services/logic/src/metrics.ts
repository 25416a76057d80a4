import type { QueueState } from "@resonance/bus";
import { type ErrorReason, isErrorReason } from "@resonance/mq-proto";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { OutboxMetrics } from "./outbox.ts";
import type { StoredIds } from "./send-message.ts";

export type SendMetrics = {
  /** Times a send and counts it by its outcome: ok, refused (the sender's fault) or failed. */
  observe<Response extends { errorReason?: string } | StoredIds>(
    send: () => Promise<Response>,
  ): Promise<Response>;
};

export function createSendMetrics(registry: Registry): SendMetrics {
  const seconds = new Histogram({
    name: "resonance_logic_send_duration_seconds",
    help: "Time from a send's arrival at Logic to its answer",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const sends = new Counter({
    name: "resonance_logic_sends_total",
    help: "Sends by outcome: ok, refused (the sender's fault), failed (ours)",
    labelNames: ["outcome"],
    registers: [registry],
  });
  // Naming a label anew costs more than counting.
  const counts = {
    ok: sends.labels("ok"),
    refused: sends.labels("refused"),
    failed: sends.labels("failed"),
  };
  return {
    async observe(send) {
      const startedAtMs = performance.now();
      const response = await send();
      seconds.observe((performance.now() - startedAtMs) / 1_000);
      counts[outcomeOf("errorReason" in response ? (response.errorReason ?? "") : "")].inc();
      return response;
    },
  };
}

export function createOutboxMetrics(registry: Registry): OutboxMetrics {
  const failures = new Counter({
    name: "resonance_logic_publish_failures_total",
    help: "Attempts to publish an event that failed; the event stays in the outbox",
    registers: [registry],
  });
  const reopened = new Counter({
    name: "resonance_logic_events_reopened_total",
    help: "Events published again because the stream was lost and they had no effect yet",
    registers: [registry],
  });
  return {
    publishFailed: (events) => failures.inc(events),
    reopened: (events) => reopened.inc(events),
  };
}

export type DeadLetterMetrics = { deadLetter(): void };

export function createDeadLetterMetrics(registry: Registry): DeadLetterMetrics {
  const deadLetters = new Counter({
    name: "resonance_logic_dead_letters_total",
    help: "Events that consumers had set aside in t_dead_letter",
    registers: [registry],
  });
  return { deadLetter: () => deadLetters.inc() };
}

/** @param countPending how many events wait in the outbox; asked at each scrape. */
export function registerOutboxGauge(registry: Registry, countPending: () => Promise<number>): void {
  new Gauge({
    name: "resonance_logic_outbox_pending",
    help: "Events committed and not yet published",
    registers: [registry],
    async collect() {
      this.set(await countPending());
    },
  });
}

/**
 * What waits in the stream and the database's own count of slow statements, asked at each scrape.
 * What cannot be read then has no value in that scrape.
 */
export function registerSystemGauges(
  registry: Registry,
  read: {
    queueState(): Promise<QueueState | undefined>;
    countSlowQueries(): Promise<number>;
  },
): void {
  new Gauge({
    name: "resonance_logic_consumer_pending",
    help: "Messages of the stream that a consumer has not acknowledged yet",
    labelNames: ["consumer"],
    registers: [registry],
    async collect() {
      this.reset();
      const state = await read.queueState().catch(() => undefined);
      for (const { name, pending, unacknowledged } of state?.consumers ?? []) {
        this.set({ consumer: name }, pending + unacknowledged);
      }
    },
  });
  new Gauge({
    name: "resonance_logic_database_slow_queries",
    help: "Statements over the database's own time limit since it was started",
    registers: [registry],
    async collect() {
      this.reset();
      const slow = await read.countSlowQueries().catch(() => undefined);
      if (slow === undefined) this.remove();
      else this.set(slow);
    },
  });
}

const oursToMend: readonly ErrorReason[] = ["busy", "timed_out", "unavailable", "internal"];

function outcomeOf(reason: string): "ok" | "refused" | "failed" {
  if (reason === "") return "ok";
  return isErrorReason(reason) && !oursToMend.includes(reason) ? "refused" : "failed";
}
