/** Of latencies in milliseconds, which are sorted here. */
export function percentilesOf(latencies: number[]): { p50_ms: number; p99_ms: number } {
  latencies.sort((one, other) => one - other);
  const at = (share: number) => latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN;
  return { p50_ms: at(0.5), p99_ms: at(0.99) };
}
