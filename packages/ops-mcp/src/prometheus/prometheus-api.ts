import { z } from "zod";
import { getJson, type HttpBackend } from "../backends/http-backend.ts";
import { ToolError } from "../tool.ts";

const sample = z.tuple([z.number(), z.string()]);

const matrix = z.object({
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(sample) }),
    ),
  }),
  warnings: z.array(z.string()).default([]),
});

const names = z.object({ data: z.array(z.string()) });

const metadata = z.object({
  data: z.record(z.string(), z.array(z.object({ type: z.string(), help: z.string() }))),
});

const alerts = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()).default({}),
        state: z.string(),
        activeAt: z.string().default(""),
      }),
    ),
  }),
});

export type PromSeries = {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
};

export type PromRange = {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly stepSeconds: number;
};

/** A query over a window. Values that are not finite are left out. */
export async function queryRange(
  backend: HttpBackend,
  query: string,
  range: PromRange,
  signal: AbortSignal,
): Promise<{ readonly series: readonly PromSeries[]; readonly warnings: readonly string[] }> {
  const parameters = [
    ["query", query],
    ["start", String(range.fromMs / 1_000)],
    ["end", String(range.untilMs / 1_000)],
    ["step", String(range.stepSeconds)],
    ["timeout", "12s"],
  ] as const;
  const body = await getJson(backend, { path: "/api/v1/query_range", parameters }, signal);
  const { data, warnings } = parse(matrix, body);
  const series = data.result.map(({ metric, values }) => ({
    labels: metric,
    points: values
      .map(([seconds, text]) => ({ atMs: seconds * 1_000, value: Number(text) }))
      .filter(({ value }) => Number.isFinite(value)),
  }));
  return { series: series.filter(({ points }) => points.length > 0), warnings };
}

/** The names of all metrics that had values in a window. */
export async function metricNames(
  backend: HttpBackend,
  window: { readonly fromMs: number; readonly untilMs: number },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const parameters = [
    ["start", String(window.fromMs / 1_000)],
    ["end", String(window.untilMs / 1_000)],
  ] as const;
  const path = "/api/v1/label/__name__/values";
  return parse(names, await getJson(backend, { path, parameters }, signal)).data;
}

/** Type and help text by name, as the targets said them. */
export async function metricMetadata(
  backend: HttpBackend,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, { readonly type: string; readonly help: string }>> {
  const body = await getJson(backend, { path: "/api/v1/metadata", parameters: [] }, signal);
  return new Map(
    Object.entries(parse(metadata, body).data).flatMap(([name, [first]]) =>
      first ? [[name, first] as const] : [],
    ),
  );
}

/** The alerts of Prometheus' own rules, pending ones too. */
export async function promAlerts(
  backend: HttpBackend,
  signal: AbortSignal,
): Promise<z.output<typeof alerts>["data"]["alerts"]> {
  const body = await getJson(backend, { path: "/api/v1/alerts", parameters: [] }, signal);
  return parse(alerts, body).data.alerts;
}

function parse<Value>(schema: z.ZodType<Value>, body: unknown): Value {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new ToolError("unavailable", "Prometheus answered something unexpected");
}
