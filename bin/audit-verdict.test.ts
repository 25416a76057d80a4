import { expect, test } from "vitest";
import { verdictOf } from "./audit-verdict.ts";

/** In the form of npm 11; the refusal is a recorded one, shortened. */
const recorded = {
  clean: {
    auditReportVersion: 2,
    vulnerabilities: {},
    metadata: {
      vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 0 },
      dependencies: { prod: 288, dev: 320, optional: 66, peer: 0, peerOptional: 0, total: 628 },
    },
  },
  holes: {
    auditReportVersion: 2,
    vulnerabilities: {
      minimist: {
        name: "minimist",
        severity: "critical",
        isDirect: false,
        via: [{ source: 1097678, name: "minimist", title: "Prototype Pollution in minimist" }],
        effects: ["mkdirp"],
        range: "<=0.2.3",
        nodes: ["node_modules/minimist"],
        fixAvailable: true,
      },
      mkdirp: {
        name: "mkdirp",
        severity: "high",
        isDirect: true,
        via: ["minimist"],
        effects: [],
        range: "0.4.1 - 0.5.1",
        nodes: ["node_modules/mkdirp"],
        fixAvailable: true,
      },
      "word-wrap": {
        name: "word-wrap",
        severity: "moderate",
        isDirect: false,
        via: [{ title: "word-wrap vulnerable to Regular Expression Denial of Service" }],
        effects: [],
        range: "<1.2.4",
        nodes: ["node_modules/word-wrap"],
        fixAvailable: true,
      },
    },
    metadata: {
      vulnerabilities: { info: 0, low: 0, moderate: 1, high: 1, critical: 1, total: 3 },
    },
  },
  refused: {
    message: "405 Method Not Allowed - POST /-/npm/v1/security/advisories/bulk",
    method: "POST",
    headers: { allow: ["GET,HEAD"], "content-length": ["0"], "x-fetch-attempts": ["1"] },
    statusCode: 405,
    body: "",
    error: { summary: "", detail: "" },
  },
  unreachable: {
    error: { code: "ENOTFOUND", summary: "request failed, reason: getaddrinfo", detail: "" },
  },
};

test("a report without holes is clean", () => {
  expect(verdictOf(JSON.stringify(recorded.clean), "high")).toEqual({ kind: "clean" });
});

test("holes from the severity on are named with their causes, lesser ones are not", () => {
  expect(verdictOf(JSON.stringify(recorded.holes), "high")).toEqual({
    kind: "holes",
    lines: [
      "critical: minimist <=0.2.3: Prototype Pollution in minimist",
      "high: mkdirp 0.4.1 - 0.5.1: through minimist",
    ],
  });
});

test("a severity that nobody knows yet counts as the worst", () => {
  const report = { vulnerabilities: { x: { severity: "catastrophic", range: "*", via: [] } } };
  expect(verdictOf(JSON.stringify(report), "critical").kind).toBe("holes");
});

test.each([
  ["refuses audits", recorded.refused, "status 405"],
  ["cannot be reached", recorded.unreachable, "ENOTFOUND"],
])("a registry that %s is no finding, and no clean bill", (_what, output, why) => {
  expect(verdictOf(JSON.stringify(output), "high")).toEqual({ kind: "unanswered", why });
});

test.each(["", "npm error", "[]", '{"error":{"code":"ENOLOCK"}}', "{}"])(
  "%j is for somebody to look at",
  (output) => {
    expect(() => verdictOf(output, "high")).toThrow(/npm audit/);
  },
);
