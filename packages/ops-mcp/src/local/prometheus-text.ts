/** One line of a scrape: the name, its labels and the value. */
export type MetricSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/** Parses the Prometheus text format. Comments and lines that are not of the format are skipped. */
export function parsePrometheusText(text: string): MetricSample[] {
  const samples: MetricSample[] = [];
  for (const raw of text.split("\n")) {
    const found = raw.startsWith("#") ? null : line.exec(raw);
    if (!found?.[1] || found[3] === undefined) continue;
    const value = parseValue(found[3]);
    if (value !== undefined) samples.push({ name: found[1], labels: labels(found[2]), value });
  }
  return samples;
}

function parseValue(text: string): number | undefined {
  if (text === "+Inf" || text === "Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  if (text === "NaN") return Number.NaN;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}

function labels(text: string | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [, key, value] of (text ?? "").matchAll(label)) {
    if (key !== undefined && value !== undefined) result[key] = unescapeLabel(value);
  }
  return result;
}

function unescapeLabel(value: string): string {
  return value.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}
