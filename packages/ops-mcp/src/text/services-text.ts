import type { ServicesListed } from "../list-services.ts";

/** One line a service, totals by state first. */
export function servicesText({ at, totals, services }: ServicesListed): string {
  const counts = Object.entries(totals).map(([state, count]) => `${state} ${count}`);
  const lines = services.map((service) =>
    [
      service.name,
      service.kind,
      service.state,
      service.version === null ? "" : `version ${service.version}`,
      service.uptimeSeconds === null ? "" : `up ${service.uptimeSeconds}s`,
      `restarts ${service.restarts}`,
      service.lastExit === null ? "" : `last exit: ${service.lastExit}`,
      service.memoryBytes === null ? "" : `memory ${Math.round(service.memoryBytes / 2 ** 20)}MiB`,
      service.cpuPercent === null ? "" : `cpu ${service.cpuPercent.toFixed(1)}%`,
    ]
      .filter((part) => part !== "")
      .join(" · "),
  );
  return [`at ${at}: ${counts.join(", ")}`, ...lines].join("\n");
}
