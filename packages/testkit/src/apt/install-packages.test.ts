import { expect, test } from "vitest";
import { parseCandidates } from "./install-packages.ts";

test("the first package on offer is taken, and a package without a candidate is not", () => {
  const policy = `mariadb-server-core:
  Installed: (none)
  Candidate: (none)
  Version table:
mysql-server-core-8.0:
  Installed: (none)
  Candidate: 8.0.41-0ubuntu0.22.04.1
  Version table:
     8.0.41-0ubuntu0.22.04.1 500
`;
  const wanted = [
    { packages: ["mariadb-server-core", "mysql-server-core-8.0"], units: [] },
    { packages: ["nats-server"], units: [] },
  ];
  expect(parseCandidates(policy, wanted)).toEqual(["mysql-server-core-8.0", undefined]);
});
