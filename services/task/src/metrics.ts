import { Counter, type Registry } from "prom-client";

export type TaskMetrics = { fannedOut(events: number): void; deadLetter(): void };

export function createTaskMetrics(registry: Registry): TaskMetrics {
  const events = new Counter({
    name: "resonance_task_events_total",
    help: "Events whose inbox rows are durable",
    registers: [registry],
  });
  const deadLetters = new Counter({
    name: "resonance_task_dead_letters_total",
    help: "Events set aside in t_dead_letter",
    registers: [registry],
  });
  return { fannedOut: (count) => events.inc(count), deadLetter: () => deadLetters.inc() };
}
