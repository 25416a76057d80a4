import { expect, test } from "vitest";
import { parsePrometheusText } from "./prometheus-text.ts";
import { seriesName } from "./sampler.ts";

test("names, labels and values are read and comments skipped", () => {
  const text = [
    "# HELP x what it is",
    "# TYPE x counter",
    'x{outcome="ok",service="logic"} 12',
    'h_bucket{le="+Inf"} 3',
    "g 1.5e3 1700000000000",
    "up +Inf",
    "not a sample",
    "",
  ].join("\n");
  expect(parsePrometheusText(text)).toEqual([
    { name: "x", labels: { outcome: "ok", service: "logic" }, value: 12 },
    { name: "h_bucket", labels: { le: "+Inf" }, value: 3 },
    { name: "g", labels: {}, value: 1_500 },
    { name: "up", labels: {}, value: Number.POSITIVE_INFINITY },
  ]);
});

test("a label may hold quotes, braces, commas and line breaks", () => {
  const [sample] = parsePrometheusText('x{a="say \\"}, hi\\"",b="1\\n2\\\\"} 1');
  expect(sample?.labels).toEqual({ a: 'say "}, hi"', b: "1\n2\\" });
});

test("a series is named without the service, labels in order", () => {
  const labels = { service: "logic", outcome: "ok", a: "b" };
  expect(seriesName({ name: "x", labels })).toBe('x{a="b",outcome="ok"}');
  expect(seriesName({ name: "x", labels: {} })).toBe("x");
});
