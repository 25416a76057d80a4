/** The processes of the system, as callers of one another. */
export const serviceNames = ["logic", "gateway", "task", "bot", "ops-mcp"] as const;

export type ServiceName = (typeof serviceNames)[number];

export function isServiceName(value: unknown): value is ServiceName {
  return (serviceNames as readonly unknown[]).includes(value);
}
